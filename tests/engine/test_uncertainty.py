"""AUROC, calibration, the forms of GED, rank correlation, risk and coverage, and the bootstrap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.evaluation import uncertainty as u
from engine.evaluation.bootstrap import Bootstrap
from engine.method.consensus import ged, ged_matrix
from engine.method.doubt import DOUBTFUL, ged_iou, is_doubtful
from engine.results import Consensus

IMAGE, NEAR = range(2)
seeds = st.integers(0, 2**32 - 1)


def some_votes(seed: int, timesteps: int = 5, side: int = 20) -> tuple[np.ndarray, np.ndarray]:
    """Masks of discs of differing size, with noise, and an annotation beside them."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:side, :side]
    radii = rng.uniform(0.2, 0.4, timesteps) * side
    votes = np.hypot(y - side / 2, x - side / 2) < radii[:, None, None]
    votes ^= rng.random(votes.shape) < 0.1
    return votes, np.hypot(y - side / 2, x - side / 2.5) < 0.3 * side


def pairs_auroc(score: np.ndarray, wrong: np.ndarray) -> float:
    """The definition: the share of (wrong, right) pairs that are in order, ties counting half."""
    difference = score[wrong][:, None] - score[~wrong]
    return float(((difference > 0) + 0.5 * (difference == 0)).mean())


def auroc(score: np.ndarray, wrong: np.ndarray) -> float:
    """The area that is tested, of any score instead of counts."""
    values, place = np.unique(score.ravel(), return_inverse=True)
    counts = [np.bincount(place[which], minlength=len(values)) for which in (wrong.ravel(), ~wrong.ravel())]
    return float(u.auroc_of_counts(*counts))


def test_auroc_by_hand() -> None:
    score = np.array([0.0, 0.1, 0.2, 0.2])
    assert auroc(score, np.array([False, False, True, True])) == 1
    assert auroc(score, np.array([True, True, False, False])) == 0
    assert auroc(score, np.array([False, True, False, True])) == pytest.approx((1 + 0 + 1 + 0.5) / 4)
    assert auroc(np.zeros(4), np.array([False, True, False, True])) == 0.5
    assert np.isnan(auroc(score, np.ones(4, bool)))
    assert np.isnan(auroc(score, np.zeros(4, bool)))


@given(seeds, st.integers(2, 60), st.integers(1, 8))
def test_auroc_is_the_share_of_pairs_in_order(seed: int, count: int, levels: int) -> None:
    rng = np.random.default_rng(seed)
    score, wrong = rng.integers(0, levels, count) / 8, rng.random(count) < 0.4
    wrong[:2] = True, False
    assert auroc(score, wrong) == pytest.approx(pairs_auroc(score, wrong))


def test_auroc_is_scikit_learns() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    for levels in (2, 6, 10**6):
        score, wrong = rng.integers(0, levels, 500) / levels, rng.random(500) < 0.2
        assert auroc(score, wrong) == pytest.approx(metrics.roc_auc_score(wrong, score), abs=1e-12)


@given(seeds, st.sampled_from([1, 2, 5, 10]))
def test_the_tally_gives_auroc_and_calibration_of_the_maps_themselves(seed: int, timesteps: int) -> None:
    votes, annotation = some_votes(seed, timesteps)
    consistency = votes.mean(axis=0)
    wrong = (consistency > 0.5) != annotation
    ambiguity = np.round(consistency * (1 - consistency), 12)
    table = u.tally(votes, annotation)
    assert table[IMAGE].sum() == annotation.size
    assert u.ambiguity_auroc(table[IMAGE]) == pytest.approx(auroc(ambiguity, wrong))
    bins = [consistency == k / timesteps for k in range(timesteps + 1)]
    gaps = [one.sum() * abs(annotation[one].mean() - k / timesteps) for k, one in enumerate(bins) if one.any()]
    assert u.ece(table[IMAGE]) == pytest.approx(sum(gaps) / annotation.size)


def test_near_ends_24_pixels_of_256_from_annotation_and_consensus() -> None:
    votes, annotation = np.zeros((3, 100, 256), bool), np.zeros((100, 256), bool)
    annotation[50, 60] = True
    votes[:, 50, 160] = True
    table = u.tally(votes, annotation)
    y, x = np.mgrid[:100, :256]
    region = np.minimum(np.hypot(y - 50, x - 60), np.hypot(y - 50, x - 160)) <= 24
    assert table[NEAR].sum() == region.sum()
    assert table[NEAR][3].tolist() == [1, 0]
    assert table[NEAR][0].tolist() == [region.sum() - 2, 1]
    empty = u.tally(np.zeros((3, 9, 9), bool), np.zeros((9, 9), bool))
    assert empty[NEAR].sum() == 0
    assert np.isnan(u.ambiguity_auroc(empty[NEAR]))
    assert np.isnan(u.ece(empty[NEAR]))


def test_tallies_of_images_add_up_to_the_pooled_figure() -> None:
    images = [some_votes(seed, 4) for seed in range(3)]
    pooled = u.ambiguity_auroc(sum(u.tally(*image)[IMAGE] for image in images))
    votes, annotation = (np.concatenate(parts, axis=-1) for parts in zip(*images, strict=True))
    assert pooled == u.ambiguity_auroc(u.tally(votes, annotation)[IMAGE])


def test_a_calibrated_map_has_no_error_and_an_overconfident_one_has() -> None:
    calibrated = np.array([[10, 0], [5, 5], [0, 10]])
    assert u.ece(calibrated) == 0
    overconfident = np.array([[8, 2], [5, 5], [2, 8]])
    assert u.ece(overconfident) == pytest.approx(0.2 * 20 / 30)
    lesion, weight = u.calibration(np.array([[3, 1], [0, 0], [0, 4]]))
    assert lesion[[0, 2]].tolist() == [0.25, 1]
    assert np.isnan(lesion[1])
    assert weight.tolist() == [0.5, 0, 0.5]


def test_ged_with_iou_by_hand() -> None:
    a, b = np.zeros((2, 4, 4), bool)
    a[:2], b[1:3] = True, True  # 8 pixels each, 4 in common: IoU 1/3
    assert ged_iou(np.stack([a, b])) == pytest.approx(2 / 4 * (2 / 3))
    assert ged_iou(np.stack([a, a])) == 0
    assert ged_iou(np.stack([a, ~a])) == pytest.approx(0.5)
    assert ged_iou(np.zeros((3, 4, 4), bool)) == 0
    assert ged_iou(np.stack([a, np.zeros_like(a)])) == pytest.approx(0.5)


@given(seeds)
def test_more_skin_around_shrinks_ged_alone(seed: int) -> None:
    votes, _ = some_votes(seed)
    wide = np.pad(votes, ((0, 0), (10, 10), (10, 10)))
    small, large = (ged(ged_matrix(v)) for v in (wide, votes))
    areas_small, areas_large = (v.mean(axis=(1, 2)) for v in (wide, votes))
    assert small == pytest.approx(large / 2)
    assert ged_iou(wide) == pytest.approx(ged_iou(votes))
    assert u.ged_by_sqrt_area(small, areas_small) == pytest.approx(u.ged_by_sqrt_area(large, areas_large))
    assert u.ged_by_sqrt_area(0.0, np.zeros(3)) == 0


@given(seeds, st.integers(3, 30))
def test_spearman_is_scipys(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 6, (2, 4, count)).astype(float)
    a[:, :2], b[:, :2] = (0, 1), (0, 1)
    expected = [stats.spearmanr(x, y).statistic for x, y in zip(a, b, strict=True)]
    assert u.spearman(a, b) == pytest.approx(expected)


def test_spearman_of_a_constant_is_unknown() -> None:
    assert np.isnan(u.spearman(np.ones(5), np.arange(5.0)))


def test_risk_and_coverage_by_hand() -> None:
    error = np.array([0.4, 0.1, 0.2, 0.3])
    found = u.risk_coverage(np.array([0.9, 0.1, 0.2, 0.3]), error)
    assert found.coverage.tolist() == [0.25, 0.5, 0.75, 1]
    assert found.risk == pytest.approx([0.1, 0.15, 0.2, 0.25])
    assert found.aurc == pytest.approx(found.oracle) == pytest.approx(0.175)
    assert found.random == pytest.approx(0.25)
    ignorant = u.risk_coverage(np.zeros(4), error)
    assert ignorant.risk == pytest.approx([0.25] * 4)
    assert ignorant.aurc == pytest.approx(ignorant.random)


@given(seeds, st.integers(1, 20))
def test_no_order_beats_the_oracles(seed: int, count: int) -> None:
    doubt, error = np.random.default_rng(seed).integers(0, 5, (2, count)) / 4
    found = u.risk_coverage(doubt, error)
    assert found.oracle <= found.aurc + 1e-12
    assert found.risk[-1] == pytest.approx(error.mean())
    backwards = u.risk_coverage(doubt[::-1], error[::-1])
    assert backwards.risk == pytest.approx(found.risk)


@given(seeds, st.integers(1, 12))
def test_aurc_of_several_sets_is_that_of_each(seed: int, count: int) -> None:
    doubt, error = np.random.default_rng(seed).integers(0, 5, (2, 6, count)) / 4
    assert u.aurc(doubt, error).tolist() == [u.risk_coverage(*one).aurc for one in zip(doubt, error, strict=True)]


def test_aurcs_interval_holds_it_and_knows_whether_doubt_helps() -> None:
    rng = np.random.default_rng(4)
    error = rng.random(80) ** 3
    knowing, ignorant = (Bootstrap(80).of_columns(u.aurc, doubt, error) for doubt in (error, np.zeros(80)))
    assert knowing[0] < u.risk_coverage(error, error).oracle < knowing[1] < ignorant[0]
    assert ignorant == pytest.approx(Bootstrap(80).of_mean(error))


def test_bootstrap_intervals_are_the_same_each_time_and_hold_the_figure() -> None:
    values = np.random.default_rng(1).random(50)
    low, high = Bootstrap(50).of_mean(values)
    assert (low, high) == Bootstrap(50).of_mean(values)
    assert (low, high) != Bootstrap(50, seed=1).of_mean(values)
    assert low < values.mean() < high
    assert high - low == pytest.approx(2 * 1.96 * values.std() / np.sqrt(50), rel=0.1)
    assert Bootstrap(50).of_mean(np.full(50, 0.3)) == pytest.approx((0.3, 0.3))


def test_bootstrap_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(2)
    bootstrap = Bootstrap(60, resamples=400)
    intervals = [bootstrap.of_mean(rng.normal(0.5, 0.2, 60)) for _ in range(400)]
    covered = np.mean([low < 0.5 < high for low, high in intervals])
    assert 0.90 < covered < 0.98


def test_the_bootstrap_forms_agree_and_leave_out_what_is_unknown() -> None:
    values = np.random.default_rng(3).random(30)
    bootstrap = Bootstrap(30)
    by_rows = bootstrap.of_columns(lambda column: column.mean(axis=-1), values)
    by_sums = bootstrap.of_sums(lambda sums: sums[:, 0] / 30, values[:, None])
    assert by_rows == pytest.approx(by_sums)
    assert bootstrap.of_mean(values) == pytest.approx(by_rows)
    values[:5] = np.nan
    low, high = bootstrap.of_mean(values)
    assert low < np.nanmean(values) < high
    assert np.isnan(bootstrap.of_mean(np.full(30, np.nan))).all()
    assert np.isnan(Bootstrap(1).of_mean(np.ones(1))).all()


@given(seeds)
def test_the_calibrated_tally_gives_auroc_and_calibration_of_the_map_itself(seed: int) -> None:
    votes, annotation = some_votes(seed)
    rng = np.random.default_rng(seed)
    probability = np.float32(rng.integers(0, u.LEVELS + 1, annotation.shape) / u.LEVELS)
    consensus = votes.mean(axis=0) > 0.5
    table = u.calibrated_tally(probability, consensus, annotation)
    assert table[IMAGE].sum() == annotation.size
    near = u.within(annotation | consensus, u.NEAR)
    doubt = np.round(probability.astype(float) * (1 - probability.astype(float)), 7)
    wrong = consensus != annotation
    assert u.calibrated_auroc(table[IMAGE]) == pytest.approx(auroc(doubt, wrong))
    assert u.calibrated_auroc(table[NEAR]) == pytest.approx(auroc(doubt[near], wrong[near]), nan_ok=True)
    nearest = np.floor(np.rint(probability * u.LEVELS) / (u.LEVELS // u.BINS) + 0.5)
    bins = [nearest == k for k in range(u.BINS + 1)]
    gaps = [one.sum() * abs(annotation[one].mean() - k / u.BINS) for k, one in enumerate(bins) if one.any()]
    assert u.ece(u.binned(table[IMAGE])) == pytest.approx(sum(gaps) / annotation.size)


@given(seeds)
def test_a_photograph_is_doubtful_where_its_masks_differ_or_show_no_lesion(seed: int) -> None:
    votes, _ = some_votes(seed)
    mean = votes.mean(axis=0, dtype=np.float32)
    consensus = Consensus(0.1, votes, mean, mean * (1 - mean), ged_matrix(votes), 0.0)
    assert is_doubtful(consensus) is (ged_iou(votes) > DOUBTFUL or not (mean > 0.5).any())
    alike = np.ones_like(votes)
    ones = alike.mean(axis=0, dtype=np.float32)
    assert not is_doubtful(Consensus(0.1, alike, ones, 0 * ones, ged_matrix(alike), 0.0))
    assert is_doubtful(Consensus(0.1, ~alike, 0 * ones, 0 * ones, ged_matrix(~alike), 0.0))
