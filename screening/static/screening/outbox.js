// Acts that wait to be posted. They lie in IndexedDB from the moment they are done until the server has
// answered for them, so that a lost net, a closed tab or a killed browser loses none; each has a UUID, so that
// posting one twice does it once. Acts are posted in the order they were done, by one tab at a time.

const AT_ONCE = 20;
const LONGEST_WAIT = 30_000;
const FAILS_ALLOWED = 5;
const FLUSH_AFTER = 1000;

export function newUuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Plain http on a local network is no secure context, where browsers leave randomUUID out.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function cookie(name) {
  return document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

class Store {
  // A database for each person: what one has left unsent is never posted in another's name.
  static async open(person) {
    const opening = indexedDB.open(`winnow-${person}`, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("waiting", { keyPath: "seq", autoIncrement: true });
      opening.result.createObjectStore("refused", { keyPath: "uuid" });
    };
    const store = new Store();
    store.database = await done(opening);
    return store;
  }

  // The transaction is committed at once, not at the next turn: the tab may be killed before that. The disk is
  // not waited for: on a slow one writes would queue, and what queues is lost with a killed browser.
  write(name, change, durability = "relaxed") {
    const transaction = this.database.transaction(name, "readwrite", { durability });
    const request = change(transaction.objectStore(name));
    transaction.commit?.();
    return done(request);
  }

  add(entry) { return this.write("waiting", (rows) => rows.add(entry)); }
  all(name) { return done(this.database.transaction(name).objectStore(name).getAll()); }
  put(entry) { return this.write("waiting", (rows) => rows.put(entry)); }
  // What was written before goes to the disk with it: for what has to outlive a loss of power.
  flush(entry) { return this.write("waiting", (rows) => rows.put(entry), "strict"); }
  remove(seq) { return this.write("waiting", (rows) => rows.delete(seq)); }
  refuse(entry) { return this.write("refused", (rows) => rows.put(entry)); }
  forget(uuid) { return this.write("refused", (rows) => rows.delete(uuid)); }
}

// Where the browser keeps nothing (some private windows): the page itself, which then may not be left early.
class Memory {
  waiting = [];
  refused = [];
  next = 1;
  async add(entry) { entry.seq = this.next++; this.waiting.push(entry); return entry.seq; }
  async all(name) { return [...this[name]]; }
  async put(entry) { const at = this.waiting.findIndex((e) => e.seq === entry.seq); if (at >= 0) this.waiting[at] = entry; }
  async flush() {}
  async remove(seq) { this.waiting = this.waiting.filter((entry) => entry.seq !== seq); }
  async refuse(entry) { this.refused.push(entry); }
  async forget(uuid) { this.refused = this.refused.filter((entry) => entry.uuid !== uuid); }
}

export class Outbox extends EventTarget {
  constructor(person) {
    super();
    this.person = person;
    this.waiting = [];   // a copy of the store, oldest first, read without waiting
    this.trouble = "";   // why posting has stopped, in words
    this.failures = 0;
    this.page = newUuid();
    navigator.locks?.request(pageLock(this.page), () => new Promise(() => {}));
    this.ready = this.begin();
  }

  async begin() {
    try {
      this.store = await Store.open(this.person);
    } catch {
      this.store = new Memory();
    }
    this.isLasting = this.store instanceof Store;
    this.refused = await this.store.all("refused");
    await this.adopt();
    // A page that was left a moment ago may still count as open.
    setTimeout(() => this.adopt().then(() => this.post()), 3000);
    window.addEventListener("online", () => this.post());
    window.addEventListener("pagehide", () => this.postOnLeaving());
    window.addEventListener("beforeunload", (event) => {
      if (this.waiting.length && (!this.isLasting || this.failures)) event.preventDefault();
    });
    this.changed();
    this.post();
  }

  // Take over what pages that are no longer open have left; an open page's acts are its own to post or undo.
  async adopt() {
    const left = await this.store.all("waiting");
    const open = new Set(((await navigator.locks?.query())?.held ?? []).map((lock) => lock.name));
    const known = new Set(this.waiting.map((entry) => entry.act.uuid));
    const orphans = left.filter((entry) => !known.has(entry.act.uuid) && !open.has(pageLock(entry.page)));
    if (!orphans.length) return;
    this.waiting.unshift(...orphans);
    this.changed();
  }

  // Keep an act and post it as soon as may be. `url` is where, `act` what, with its uuid, `title` for people.
  add(url, act, title) {
    const entry = { url, act, title, page: this.page, sent: false };
    this.waiting.push(entry);
    // No waiting when the store is open: the write is under way before the next citation is painted.
    entry.stored = (this.store ? this.store.add(entryForStore(entry)) : this.ready.then(() => this.store.add(entryForStore(entry))))
      .then((seq) => { entry.seq = seq; });
    this.flushSoon();
    this.changed();
    this.post();
  }

  // What is answered within a second needs no disk of ours; for what still waits then, it is told to write.
  flushSoon() {
    this.flushing ??= setTimeout(() => {
      this.flushing = undefined;
      const entry = this.waiting.findLast((each) => each.seq !== undefined);
      // One that waits now is taken out of the store only after this, so that it does not come back.
      if (entry) this.store.flush(entryForStore(entry));
    }, FLUSH_AFTER);
  }

  // Take an act back that was never posted; false when it may be on its way.
  cancel(uuid) {
    const entry = this.waiting.find((each) => each.act.uuid === uuid);
    if (!entry || entry.sent) return false;
    this.waiting.splice(this.waiting.indexOf(entry), 1);
    entry.stored ? entry.stored.then(() => this.store.remove(entry.seq)) : this.store.remove(entry.seq);
    this.changed();
    return true;
  }

  // Citations whose decision or skip the server has not stored yet.
  citations() {
    const acts = this.waiting.map((entry) => entry.act);
    return acts.filter((act) => act.kind === "decide" || act.kind === "skip").map((act) => act.citation);
  }

  changed() {
    this.dispatchEvent(new Event("changed"));
  }

  async post() {
    clearTimeout(this.timer);
    if (this.posting) return this.posting;
    this.posting = this.withLock(() => this.postAll()).finally(() => {
      this.posting = null;
      // Something may have been added while the lock was being given back.
      if (this.waiting.length && !this.failures) this.post();
    });
    return this.posting;
  }

  withLock(work) {
    return navigator.locks ? navigator.locks.request(`winnow-post-${this.person}`, work) : work();
  }

  async postAll() {
    await this.ready;
    while (this.waiting.length) {
      // Not even tried without a net, so that what was done meanwhile can still be taken back unposted.
      if (!navigator.onLine) return this.tryLater({ again: true, sentence: gettext("No connection.") });
      const batch = this.batch();
      await Promise.all(batch.map((entry) => entry.stored));
      const still = batch.filter((entry) => this.waiting.includes(entry));
      if (!still.length) continue;
      for (const entry of still) {
        entry.sent = true;
        // Written before it is posted: after a crash nobody knows whether it arrived.
        this.store.put(entryForStore(entry));
      }
      const outcome = await this.send(still);
      if (!outcome.answers && !(await this.giveUp(still, outcome))) return this.tryLater(outcome);
      if (!outcome.answers) continue;
      await this.settle(still, outcome.answers);
    }
  }

  // The oldest acts of one address; after a failure one by one, so that one bad act holds up no other.
  batch() {
    const { url } = this.waiting[0];
    const end = this.waiting.findIndex((entry) => entry.url !== url);
    const most = this.failures > 1 ? 1 : AT_ONCE;
    return this.waiting.slice(0, end < 0 ? most : Math.min(end, most));
  }

  async send(batch, keepalive = false) {
    let response;
    try {
      response = await fetch(batch[0].url, {
        method: "POST",
        keepalive,
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") },
        body: JSON.stringify({ reviewer: this.person, acts: batch.map((entry) => entry.act) }),
      });
    } catch {
      return { again: true, sentence: gettext("No connection.") };
    }
    if (response.type === "opaqueredirect" || response.status === 403) {
      return { again: true, sentence: gettext("You are signed out: sign in again in another tab, and they are posted.") };
    }
    let body = {};
    try { body = await response.json(); } catch { /* an error page, or cut off on its way */ }
    if (response.ok && body.answers) return body;
    if (response.status >= 400 && response.status < 500 && response.status !== 408 && response.status !== 429) {
      return { again: response.status !== 404, sentence: body.sentence ?? gettext("You are no longer a member of this review.") };
    }
    return { again: true, sentence: gettext("The site does not answer."), failed: response.status === 500 };
  }

  // An act on which the site itself fails time and again must not hold up those behind it.
  async giveUp(batch, { failed }) {
    if (!failed || batch.length > 1) return false;
    const [entry] = batch;
    entry.fails = (entry.fails ?? 0) + 1;
    if (entry.fails < FAILS_ALLOWED) return false;
    const sentence = gettext("the site failed on it. Please do it again.");
    await this.settle(batch, [{ uuid: entry.act.uuid, outcome: "refused", sentence }]);
    return true;
  }

  async settle(batch, answers) {
    this.failures = 0;
    this.trouble = "";
    const outcome = new Map(answers.map((answer) => [answer.uuid, answer]));
    for (const entry of batch) {
      const answer = outcome.get(entry.act.uuid);
      if (!answer) continue;
      if (answer.outcome === "refused") {
        const kept = { uuid: entry.act.uuid, act: entry.act, title: entry.title, sentence: answer.sentence };
        this.refused.push(kept);
        await this.store.refuse(kept);
        this.dispatchEvent(new CustomEvent("refused", { detail: entry.act }));
      }
      this.waiting.splice(this.waiting.indexOf(entry), 1);
      await this.store.remove(entry.seq);
    }
    this.changed();
  }

  tryLater({ again, sentence }) {
    this.failures += 1;
    this.trouble = sentence;
    this.changed();
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** this.failures);
    if (again) this.timer = setTimeout(() => this.post(), wait);
  }

  // The page may be gone before an answer comes; what was received is known by its UUID next time.
  postOnLeaving() {
    const left = this.waiting.filter((entry) => !entry.sent || this.failures);
    if (left.length) this.send(left.filter((entry) => entry.url === left[0].url).slice(0, AT_ONCE), true);
  }

  async dismiss(uuid) {
    this.refused = this.refused.filter((entry) => entry.uuid !== uuid);
    await this.store.forget(uuid);
    this.changed();
  }
}

// Held by a page as long as it is open.
function pageLock(page) {
  return `winnow-page-${page}`;
}

function entryForStore(entry) {
  const { stored, ...row } = entry;
  return row;
}
