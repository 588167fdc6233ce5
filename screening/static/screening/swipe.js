// On a phone: a swipe to the right includes, one to the left excludes. Both only press the button that says so.

const FAR_ENOUGH = 90;

export function swipeable(surface, onSwipe) {
  let start = null;
  surface.addEventListener("touchstart", (event) => {
    const touch = event.touches[0];
    start = event.touches.length === 1 ? { x: touch.clientX, y: touch.clientY } : null;
  }, { passive: true });
  surface.addEventListener("touchmove", (event) => {
    if (!start) return;
    const across = event.touches[0].clientX - start.x;
    const down = event.touches[0].clientY - start.y;
    // Reading on is a movement down; only what is clearly sideways is a swipe.
    const side = Math.abs(across) > 2 * Math.abs(down) && Math.abs(across) > 20 ? Math.sign(across) : 0;
    surface.dataset.swipe = side > 0 ? "right" : side < 0 ? "left" : "";
    surface.classList.toggle("is-far", side !== 0 && Math.abs(across) >= FAR_ENOUGH);
  }, { passive: true });
  const end = () => {
    const side = surface.classList.contains("is-far") ? surface.dataset.swipe : "";
    surface.classList.remove("is-far");
    surface.dataset.swipe = "";
    start = null;
    if (side) onSwipe(side);
  };
  surface.addEventListener("touchend", end);
  surface.addEventListener("touchcancel", () => { surface.classList.remove("is-far"); end(); });
}
