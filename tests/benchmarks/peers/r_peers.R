# Time one call of R, the way python_peers.py does: Rscript r_peers.R CASE DATA.txt
# DATA.txt holds plain numbers; for `anova` five groups of equal size, one after the other.
arguments <- commandArgs(trailingOnly = TRUE)
x <- scan(arguments[2], quiet = TRUE)

cases <- list(
  anova = function() {
    frame <- data.frame(value = x, group = factor(rep(1:5, each = length(x) / 5)))
    function() {
      fit <- aov(value ~ group, frame)
      list(TukeyHSD(fit), number = summary(fit)[[1]][["F value"]][1])
    }
  },
  fits = function() {
    families <- c("norm", "lnorm", "weibull", "gamma", "exp", "logis")
    function() {
      fits <- lapply(families, function(name) fitdistrplus::fitdist(x, name))
      list(fits, number = length(fits))
    }
  }
)

call <- cases[[arguments[1]]]()
seconds <- Inf
spent <- 0
while (spent < 1) {
  start <- proc.time()
  # one call of a few ms is shorter than the clock's tick: time ten and divide
  for (i in 1:10) result <- call()
  used <- sum((proc.time() - start)[1:2])
  seconds <- min(seconds, used / 10)
  spent <- spent + used
}
cat(sprintf('{"seconds": %.9f, "number": %.15g, "version": "%s"}\n', seconds, result$number, getRversion()))
