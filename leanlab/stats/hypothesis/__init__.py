"""Tests that compare groups, counts and targets."""

from leanlab.stats.hypothesis.anova import anova_oneway, anova_two_way, anova_welch
from leanlab.stats.hypothesis.comparisons import (
    dunnett,
    fisher_lsd,
    games_howell,
    grouping_letters,
    tukey_hsd,
)
from leanlab.stats.hypothesis.correlations import correlation
from leanlab.stats.hypothesis.proportions import proportion_one, proportion_two
from leanlab.stats.hypothesis.ranks import (
    friedman,
    kruskal_wallis,
    mann_whitney,
    mood_median,
    wilcoxon_signed_rank,
)
from leanlab.stats.hypothesis.rates import poisson_rate_one, poisson_rate_two
from leanlab.stats.hypothesis.signs import sign
from leanlab.stats.hypothesis.student import (
    equivalence_tost,
    t_one_sample,
    t_paired,
    t_two_sample_pooled,
    t_two_sample_welch,
)
from leanlab.stats.hypothesis.tables import (
    chi2_association,
    chi2_goodness_of_fit,
    fisher_exact,
    mcnemar,
)
from leanlab.stats.hypothesis.variances import (
    bonett_one,
    bonett_two,
    equal_variances,
    variance_one,
    variance_two,
)

__all__ = [
    "anova_oneway",
    "anova_two_way",
    "anova_welch",
    "bonett_one",
    "bonett_two",
    "chi2_association",
    "chi2_goodness_of_fit",
    "correlation",
    "dunnett",
    "equal_variances",
    "equivalence_tost",
    "fisher_exact",
    "fisher_lsd",
    "friedman",
    "games_howell",
    "grouping_letters",
    "kruskal_wallis",
    "mann_whitney",
    "mcnemar",
    "mood_median",
    "poisson_rate_one",
    "poisson_rate_two",
    "proportion_one",
    "proportion_two",
    "sign",
    "t_one_sample",
    "t_paired",
    "t_two_sample_pooled",
    "t_two_sample_welch",
    "tukey_hsd",
    "variance_one",
    "variance_two",
    "wilcoxon_signed_rank",
]
