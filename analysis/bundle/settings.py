"""How an analysis was done, in the words that pages, methods text and R script share."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Settings of one analysis.

    measure: code of metafor's escalc(), or GEN for effects with variances. model: "random" or "common".
    method: "inverse_variance", "mantel_haenszel", "peto" or "glmm". tau2_estimator, interval, prediction:
    names as in `analysis.pooling.options`. level: in percent. zero_cells, drop_double_zero: as in escalc()'s
    `to`, `drop00`.
    glmm_model: for two groups, as in rma.glmm().
    """

    measure: str
    model: str = "random"
    method: str = "inverse_variance"
    tau2_estimator: str = "REML"
    interval: str = "wald"
    prediction: str = "normal"
    level: float = 95
    zero_cells: str = "only0"
    drop_double_zero: bool = False
    glmm_model: str = "UM.FS"

    @property
    def is_random(self) -> bool:
        return self.model == "random" and self.method in ("inverse_variance", "glmm")
