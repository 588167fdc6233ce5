# Rscript metafor_cases.R CASES.json OUT.json: what metafor says to each case, with the names that
# `manage.py pool` prints. Or: Rscript metafor_cases.R --data OUT.json: metadat's sets that the cases use.
suppressMessages({library(metafor); library(jsonlite)})
args <- commandArgs(trailingOnly = TRUE)
SHARP <- list(threshold = 1e-12, maxiter = 100000, tol = 1e-12)

columns <- function(frame, names) setNames(lapply(names, function(n) frame[[n]]), names(names))
two_by_two <- c(ai = "ai", n1i = "n1i", ci = "ci", n2i = "n2i")
means <- c(m1i = "m1i", sd1i = "sd1i", n1i = "n1i", m2i = "m2i", sd2i = "sd2i", n2i = "n2i")
data_sets <- function() list(
  bcg = columns(dat.bcg, c(ai = "tpos", bi = "tneg", ci = "cpos", di = "cneg", ablat = "ablat", year = "year", alloc = "alloc")),
  yusuf = columns(subset(dat.yusuf1985, table == "6"), two_by_two),
  linde = columns(dat.linde2005, c(two_by_two, year = "year", group = "group")),
  egger = columns(dat.egger2001, c(two_by_two, year = "year")),
  li = columns(dat.li2007, c(two_by_two, year = "year")),
  lee = columns(dat.lee2004, c(two_by_two, year = "year")),
  hydroxychloroquine = columns(dat.axfors2021, c(ai = "hcq_arm_event", n1i = "hcq_arm_total", ci = "control_arm_event", n2i = "control_arm_total")),
  pritz = columns(dat.pritz1997, c(xi = "xi", ni = "ni")),
  hart = columns(dat.hart1999, c(x1i = "x1i", t1i = "t1i", x2i = "x2i", t2i = "t2i")),
  normand = columns(dat.normand1999, means),
  curtis = columns(head(dat.curtis1998, 40), means),
  gibson = columns(subset(dat.gibson2002, !is.na(m1i)), means),
  mcdaniel = columns(head(dat.mcdaniel1994, 60), c(ri = "ri", ni = "ni")),
  cohen = columns(dat.cohen1981, c(ri = "ri", ni = "ni")),
  raudenbush = columns(dat.raudenbush1985, c(yi = "yi", vi = "vi", weeks = "weeks", setting = "setting", year = "year")),
  begg = columns(dat.begg1989, c(yi = "yi", vi = "vi", group = "trt")),
  konstantopoulos = columns(dat.konstantopoulos2011, c(district = "district", school = "school", yi = "yi", vi = "vi", year = "year")),
  assink = columns(dat.assink2016, c(study = "study", esid = "esid", yi = "yi", vi = "vi", year = "year"))
)

numbers <- function(x) if (is.null(x)) NULL else unlist(lapply(x, function(v) if (is.null(v)) NA else v))
has <- function(x, n) !is.null(x[[n]])
yv <- function(i, s) {
  i <- lapply(i[names(i) != "mods"], numbers)
  if (!is.null(i$yi)) { keep <- !is.na(i$yi) & !is.na(i$vi); return(list(yi = i$yi, vi = i$vi, keep = keep)) }
  call <- c(list(measure = s$measure), i[intersect(names(i), c("ai","bi","ci","di","n1i","n2i","x1i","x2i","t1i","t2i","xi","ni","ti","m1i","m2i","sd1i","sd2i","mi","sdi","ri"))])
  for (n in c("add", "to", "drop00", "vtype")) if (has(s, n)) call[[n]] <- s[[n]]
  if (has(s, "correct")) call$correct <- s$correct
  e <- suppressWarnings(do.call(escalc, call))
  list(yi = as.numeric(e$yi), vi = as.numeric(e$vi), keep = !is.na(e$yi) & !is.na(e$vi))
}
# What holds for a finished fit of rma(), whatever its moderators.
TEST <- function(s) if (is.null(s$test)) "z" else s$test
LEVEL <- function(s) if (is.null(s$level)) 95 else s$level
METHOD <- function(s, d = "REML") if (is.null(s$method)) d else s$method
fit <- function(y, v, s, ...) suppressWarnings(rma(y, v, method = METHOD(s), test = TEST(s), level = LEVEL(s), control = SHARP, ...))
na <- function(x) if (is.null(x) || length(x) == 0) NA else x
transform_of <- function(m, i) switch(m, OR =, RR =, PETO =, IRR =, ROM =, IRLN =, PLN =, MNLN =, VR =, CVR =, ROMC = exp, PLO = transf.ilogit, ZCOR = transf.ztor, PAS = transf.iarcsin, IRS = transf.isqrt, NULL)

POOL <- function(i, s) {
  e <- yv(i, s); y <- e$yi[e$keep]; v <- e$vi[e$keep]
  r <- fit(y, v, s); p <- predict(r)
  out <- list(k = r$k, estimate = c(r$beta), se = r$se, statistic = r$zval, pval = r$pval, ci_lb = r$ci.lb, ci_ub = r$ci.ub,
    tau2 = r$tau2, se_tau2 = if (r$method %in% c("EE", "FE", "CE")) NA else r$se.tau2, Q = r$QE, Q_p = r$QEp, I2 = r$I2, H2 = r$H2, weights_pct = weights(r), yi = y, vi = v,
    loglik = c(logLik(r)), aic = AIC(r))
  if (!r$method %in% c("EE", "FE", "CE")) {
    if (r$k > 1) out$pi <- c(p$pi.lb, p$pi.ub)
    if (r$k > 1 && TEST(s) != "adhoc") {
      ci <- tryCatch(suppressWarnings(confint(r, control = list(tol = 1e-12, maxiter = 100000, tau2.max = 1e6 * max(1, var(y), max(v))))$random), error = function(x) NULL)
      if (!is.null(ci)) out <- c(out, list(ci_tau2 = unname(ci[1, 2:3]), ci_I2 = unname(ci[3, 2:3]), ci_H2 = unname(ci[4, 2:3])))
    }
    crit <- function(df) qt((1 + LEVEL(s) / 100) / 2, df)
    half <- sqrt(r$se^2 + r$tau2)
    if (r$k > 2) out$pi_t_km2 <- c(r$beta) + c(-1, 1) * crit(r$k - 2) * half
    if (r$k > 1) out$pi_t_km1 <- c(r$beta) + c(-1, 1) * crit(r$k - 1) * half
  }
  if (r$k > 1) out$I2_from_Q <- max(0, 100 * (r$QE - r$k + 1) / r$QE)
  f <- transform_of(if (has(s, "measure")) s$measure else "GEN", i)
  if (!is.null(f)) out$back <- list(estimate = f(c(r$beta)), ci_lb = f(r$ci.lb), ci_ub = f(r$ci.ub))
  if (identical(s$measure, "PFT")) { n <- numbers(i$ni)[e$keep]; out$back <- list(estimate = transf.ipft.hm(c(r$beta), list(ni = n)), ci_lb = transf.ipft.hm(r$ci.lb, list(ni = n)), ci_ub = transf.ipft.hm(r$ci.ub, list(ni = n))) }
  out
}
ALL_MODS <- function(i, e) { m <- lapply(i$mods, function(x) { x <- unlist(lapply(x, function(v) if (is.null(v)) NA else v)); x[e$keep] }); as.data.frame(m, stringsAsFactors = FALSE) }
REGRESSION <- function(i, s) {
  e <- yv(i, s); d <- ALL_MODS(i, e); d$y <- e$yi[e$keep]; d$v <- e$vi[e$keep]
  d <- d[complete.cases(d), ]
  r <- suppressWarnings(rma(y, v, mods = as.formula(s$formula), data = d, method = METHOD(s), test = TEST(s), level = LEVEL(s), control = SHARP))
  p <- suppressWarnings(predict(r))
  list(k = r$k, estimate = c(r$beta), se = r$se, statistic = r$zval, pval = r$pval, ci_lb = r$ci.lb, ci_ub = r$ci.ub, vcov = unname(vcov(r)), tau2 = r$tau2,
    se_tau2 = if (r$method %in% c("EE","FE")) NA else r$se.tau2, I2 = r$I2, H2 = r$H2, Q = r$QE, Q_p = r$QEp, QM = r$QM, QM_p = r$QMp, R2 = na(r$R2), loglik = c(logLik(r)), aic = AIC(r),
    fitted = unname(fitted(r)), pred_ci_lb = unname(p$ci.lb), pred_ci_ub = unname(p$ci.ub), pred_pi_lb = if (is.null(p$pi.lb)) NA else unname(p$pi.lb), pred_pi_ub = if (is.null(p$pi.ub)) NA else unname(p$pi.ub))
}
STRATA <- function(r) list(k = r$k, estimate = c(r$beta), se = r$se, statistic = r$zval, pval = r$pval, ci_lb = r$ci.lb, ci_ub = r$ci.ub, Q = r$QE, Q_p = r$QEp, I2 = r$I2, H2 = r$H2)
MH <- function(i, s) {
  n <- lapply(i, numbers); call <- c(list(measure = s$measure, level = LEVEL(s)), n)
  if (has(s, "correct")) call$correct <- s$correct
  for (w in c("add", "to", "drop00")) if (has(s, w)) call[[w]] <- unlist(s[[w]])
  r <- suppressWarnings(do.call(rma.mh, call)); out <- STRATA(r)
  c(out, list(MH = na(r$MH), MH_p = na(r$MHp), CO = na(r$CO), CO_p = na(r$COp), BD = na(r$BD), BD_p = na(r$BDp), TA = na(r$TA), TA_p = na(r$TAp), yi = as.numeric(r$yi), vi = as.numeric(r$vi)))
}
PETO <- function(i, s) STRATA(suppressWarnings(do.call(rma.peto, c(list(level = LEVEL(s)), lapply(i, numbers)))))
SUBGROUP <- function(i, s) {
  e <- yv(i, s); g <- as.character(unlist(i$group))[e$keep]; y <- e$yi[e$keep]; v <- e$vi[e$keep]; lev <- sort(unique(g))
  if (isTRUE(s$common_tau2)) {
    m <- suppressWarnings(rma(y, v, mods = ~ 0 + factor(g), method = METHOD(s), test = TEST(s), level = LEVEL(s), control = SHARP))
    b <- suppressWarnings(rma(y, v, mods = ~ factor(g), method = METHOD(s), test = TEST(s), level = LEVEL(s), control = SHARP))
    return(list(levels = lev, estimate = c(m$beta), se = m$se, ci_lb = m$ci.lb, ci_ub = m$ci.ub, tau2 = m$tau2, I2 = b$I2, R2 = na(b$R2), Q_between = b$QM, Q_between_p = b$QMp, Q_residual = b$QE, Q_residual_p = b$QEp))
  }
  fits <- lapply(lev, function(l) fit(y[g == l], v[g == l], s)); pick <- function(n) unlist(lapply(fits, function(r) if (n == "estimate") c(r$beta) else r[[n]]))
  b <- rma(pick("estimate"), pick("se")^2, method = "FE")
  list(levels = lev, k = pick("k"), estimate = pick("estimate"), se = pick("se"), ci_lb = pick("ci.lb"), ci_ub = pick("ci.ub"), tau2 = pick("tau2"), I2 = pick("I2"), Q = pick("QE"), Q_p = pick("QEp"),
    Q_between = b$QE, Q_between_p = b$QEp)
}
TABLE <- function(l) { l <- unclass(l); list(estimate = unname(l$estimate), se = unname(l$se), ci_lb = unname(l$ci.lb), ci_ub = unname(l$ci.ub), pval = unname(if (is.null(l$pval)) l$pvals else l$pval), Q = unname(l$Q), Q_p = unname(l$Qp),
  tau2 = if (is.null(l$tau2)) NA else unname(l$tau2), I2 = if (is.null(l$I2)) NA else unname(l$I2), H2 = if (is.null(l$H2)) NA else unname(l$H2)) }
LOO <- function(i, s) { e <- yv(i, s); TABLE(suppressWarnings(leave1out(fit(e$yi[e$keep], e$vi[e$keep], s)))) }
CUMULATIVE <- function(i, s) { e <- yv(i, s); o <<- unlist(i$order)[e$keep]; TABLE(suppressWarnings(cumul(fit(e$yi[e$keep], e$vi[e$keep], s), order = o))) }
INFLUENCE <- function(i, s) {
  e <- yv(i, s); r <- fit(e$yi[e$keep], e$vi[e$keep], s); f <- suppressWarnings(influence(r)); b <- suppressWarnings(blup(r))
  pdf(NULL); bj <- suppressWarnings(baujat(r)); dev.off()
  list(rstudent = f$inf$rstudent, dffits = f$inf$dffits, cook_d = f$inf$cook.d, cov_r = f$inf$cov.r, tau2_del = if (is.null(f$inf$tau2.del)) NA else f$inf$tau2.del, QE_del = f$inf$QE.del, hat = f$inf$hat,
    weight_pct = f$inf$weight, dfbetas = f$dfbs[[1]], is_influential = as.logical(f$is.infl), rstandard = rstandard(r)$z, blup = b$pred, blup_se = b$se, baujat_x = bj$x, baujat_y = bj$y)
}
SIZES <- function(i) { n <- lapply(i, numbers); if (!is.null(n$ai)) { if (is.null(n$n1i)) n$ai + n$bi + n$ci + n$di else n$n1i + n$n2i } else if (!is.null(n$n1i)) n$n1i + n$n2i else n$ni }
REGTEST <- function(i, s) {
  e <- yv(i, s); y <- e$yi[e$keep]; v <- e$vi[e$keep]; n <- SIZES(i)
  if (is.null(n)) r <- fit(y, v, s) else r <- fit(y, v, s, ni = n[e$keep])
  t <- suppressWarnings(regtest(r, model = if (is.null(s$model)) "rma" else s$model, predictor = s$predictor))
  slope <- if (inherits(t$fit, "lm") || inherits(t$fit, "summary.lm")) coef(summary(t$fit))[2, ] else c(t$fit$beta[2], t$fit$se[2])
  list(statistic = unname(t$zval), df = na(t$ddf), pval = unname(t$pval), slope = unname(slope[1]), slope_se = unname(slope[2]), limit_estimate = na(unname(t$est)), limit_ci_lb = na(unname(t$ci.lb)), limit_ci_ub = na(unname(t$ci.ub)))
}
RANKTEST <- function(i, s) { e <- yv(i, s); t <- suppressWarnings(ranktest(e$yi[e$keep], e$vi[e$keep])); list(tau = unname(t$tau), pval = unname(t$pval)) }
TRIMFILL <- function(i, s) {
  e <- yv(i, s); r <- rma(e$yi[e$keep], e$vi[e$keep], method = METHOD(s))
  t <- suppressWarnings(if (has(s, "side")) trimfill(r, estimator = s$estimator, side = s$side) else trimfill(r, estimator = s$estimator))
  list(k0 = t$k0, se_k0 = na(t$se.k0), p_k0 = na(t$p.k0), side = t$side, estimate = c(t$beta), se = t$se, ci_lb = t$ci.lb, ci_ub = t$ci.ub, tau2 = t$tau2, I2 = t$I2, Q = t$QE, filled_yi = as.numeric(t$yi[t$fill]), filled_vi = as.numeric(t$vi[t$fill]))
}
FSN <- function(i, s) {
  e <- yv(i, s); y <- e$yi[e$keep]; v <- e$vi[e$keep]; a <- list(type = s$type); if (has(s, "alpha")) a$alpha <- s$alpha; if (has(s, "target")) a$target <- s$target
  r <- suppressWarnings(do.call(fsn, c(list(y, v), a))); list(fsnum = as.numeric(r$fsnum), pval = na(r$pval))
}
SELMODEL <- function(i, s) {
  e <- yv(i, s); r <- fit(e$yi[e$keep], e$vi[e$keep], modifyList(s, list(method = METHOD(s, "ML"))))
  a <- list(r, type = s$type); if (has(s, "steps")) a$steps <- unlist(s$steps); if (has(s, "alternative")) a$alternative <- s$alternative
  m <- suppressWarnings(do.call(selmodel, a))
  list(estimate = c(m$beta), se = m$se, ci_lb = m$ci.lb, ci_ub = m$ci.ub, pval = m$pval, tau2 = m$tau2, delta = c(m$delta), LRT = m$LRT, LRT_p = m$LRTp, loglik = c(logLik(m)))
}
GLMM <- function(i, s) {
  n <- lapply(i, numbers); call <- c(list(measure = s$measure, level = LEVEL(s), test = TEST(s), method = METHOD(s, "ML")), n); if (has(s, "model")) call$model <- s$model
  r <- suppressWarnings(do.call(rma.glmm, call)); p <- predict(r)
  out <- list(k = r$k, estimate = c(r$beta), se = r$se, statistic = r$zval, pval = r$pval, ci_lb = r$ci.lb, ci_ub = r$ci.ub, tau2 = na(r$tau2), Q_wald = r$QE.Wld, Q_wald_p = r$QEp.Wld, Q_lrt = r$QE.LRT, Q_lrt_p = r$QEp.LRT, I2 = na(r$I2), H2 = na(r$H2), loglik = c(logLik(r)))
  if (!is.null(p$pi.lb)) out$pi <- c(p$pi.lb, p$pi.ub)
  out
}
HC <- function(i, s) { e <- yv(i, s); h <- hc(fit(e$yi[e$keep], e$vi[e$keep], list(method = "DL"))); list(estimate = c(h$beta), se = h$se, ci_lb = h$ci.lb, ci_ub = h$ci.ub, tau2 = h$tau2) }
PERMUTE <- function(i, s) { e <- yv(i, s); p <- suppressWarnings(suppressMessages(permutest(fit(e$yi[e$keep], e$vi[e$keep], s), exact = TRUE, progbar = FALSE))); list(pval = unname(p$pval)) }
GOSH <- function(i, s) { e <- yv(i, s); g <- suppressMessages(gosh(fit(e$yi[e$keep], e$vi[e$keep], s), progbar = FALSE)); x <- g$res; list(n_subsets = nrow(x), estimate_quantiles = unname(quantile(x$estimate)), I2_quantiles = unname(quantile(x$I2)), rows_sorted_estimate = sort(x$estimate)) }
MULTI <- function(i, s) {
  d <- as.data.frame(lapply(i, function(x) unlist(x))); a <- list(quote(yi), quote(vi), random = as.formula(s$random), data = d, method = METHOD(s), test = TEST(s), level = LEVEL(s))
  if (has(s, "formula")) a$mods <- as.formula(s$formula)
  r <- suppressWarnings(do.call(rma.mv, a)); p <- predict(r)
  out <- list(k = r$k, estimate = c(r$beta), se = r$se, pval = r$pval, ci_lb = r$ci.lb, ci_ub = r$ci.ub, sigma2 = r$sigma2, Q = r$QE, Q_p = r$QEp, loglik = c(logLik(r)))
  if (r$p == 1) out$pi <- c(p$pi.lb, p$pi.ub)
  if (has(s, "robust")) { o <- robust(r, cluster = d[[s$robust]], adjust = TRUE); out$robust_CR1 <- list(se = o$se, df = na(o$ddf[1]), ci_lb = o$ci.lb, ci_ub = o$ci.ub, pval = o$pval)
    o <- tryCatch(robust(r, cluster = d[[s$robust]], clubSandwich = TRUE), error = function(x) NULL); if (!is.null(o)) out$robust_CR2 <- list(se = o$se, df = o$dfs, ci_lb = o$ci.lb, ci_ub = o$ci.ub, pval = o$pval) }
  out
}
AGGREGATE <- function(i, s) {
  d <- as.data.frame(lapply(i, function(x) unlist(x))); e <- escalc(measure = "GEN", yi = yi, vi = vi, data = d); d$.c <- d[[s$cluster]]
  e$.c <- d[[s$cluster]]; a <- aggregate(e, cluster = .c, struct = s$struct, rho = if (has(s, "rho")) s$rho else NULL); a <- a[order(a$.c), ]; list(yi = as.numeric(a$yi), vi = as.numeric(a$vi))
}
PERMUTED_KINDS <- list(pool = POOL, meta_regression = REGRESSION, mantel_haenszel = MH, peto = PETO, subgroup = SUBGROUP, leave_one_out = LOO, cumulative = CUMULATIVE, influence = INFLUENCE, regtest = REGTEST,
  ranktest = RANKTEST, trimfill = TRIMFILL, failsafe_n = FSN, selection_model = SELMODEL, glmm = GLMM, henmi_copas = HC, permutation_test = PERMUTE, gosh = GOSH, multilevel = MULTI, aggregate = AGGREGATE)

if (args[1] == "--data") {
  write_json(list(metafor = as.character(packageVersion("metafor")), sets = data_sets()), args[2], digits = NA, auto_unbox = FALSE, na = "null")
} else {
  cases <- fromJSON(args[1], simplifyVector = FALSE)
  answers <- lapply(cases, function(case) {
    s <- case$settings; s <- s[!vapply(s, is.null, TRUE)]
    got <- tryCatch(PERMUTED_KINDS[[case$kind]](case$inputs, s), error = function(e) list(error = conditionMessage(e)))
    list(id = case$id, expected = got)
  })
  write_json(answers, args[2], digits = NA, auto_unbox = TRUE, na = "null", null = "null")
}
