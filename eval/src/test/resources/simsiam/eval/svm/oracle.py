# The values that the tests of simsiam.eval.svm expect: scikit-learn 1.9.1, NumPy.
# Features as SyntheticFeatures.congruent makes them, brought to one scale; draws by java.util.Random.
import warnings

import numpy as np
from sklearn.metrics import average_precision_score
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.svm import LinearSVC

DIM, CLASSES, SCALES = 12, 5, [0.01, 1, 10]


def congruent(n, state):
    values, labels = np.zeros((n, DIM), np.float32), np.zeros(n, int)

    def following():
        nonlocal state
        state = (state * 1103515245 + 12345) % 2147483648
        return state

    for i in range(n):
        labels[i] = (following() >> 8) % CLASSES
        for j in range(DIM):
            noise = sum(following() / 2147483648 for _ in range(3)) - 1.5
            shift = 0.6 if (labels[i] + j) % CLASSES == 0 else 0
            values[i, j] = (noise + shift + 3) * SCALES[j % 3]
    return (values / np.array(SCALES * 4) - 3).astype(np.float32), labels


def unit(x):
    x = x.astype(np.float64)
    return x / (np.linalg.norm(x, axis=1, keepdims=True) + 1e-5)


def svc(c):
    return LinearSVC(penalty="l2", loss="squared_hinge", dual=True, C=c, class_weight={1: 2, -1: 1},
                     intercept_scaling=1.0, tol=1e-4, max_iter=2000)


def envelope(targets, scores):  # calculate_ap of the published scripts
    order = np.argsort(-scores, kind="mergesort")
    hit = targets[order] == 1
    precision = np.cumsum(hit) / np.arange(1, len(hit) + 1)
    recall = np.cumsum(hit) / hit.sum()
    mrec, mpre = np.concatenate(([0], recall, [1])), np.concatenate(([0], precision, [0]))
    for i in range(len(mpre) - 2, -1, -1):
        mpre[i] = max(mpre[i], mpre[i + 1])
    at = np.where(mrec[1:] != mrec[:-1])[0] + 1
    return sum((mrec[i] - mrec[i - 1]) * mpre[i] for i in at)


class Random:  # java.util.Random
    def __init__(self, seed):
        self.state = (seed ^ 0x5DEECE66D) & ((1 << 48) - 1)

    def bits(self, count):
        self.state = (self.state * 0x5DEECE66D + 0xB) & ((1 << 48) - 1)
        return self.state >> (48 - count)

    def below(self, bound):
        if bound & (bound - 1) == 0:
            return (bound * self.bits(31)) >> 31
        while True:
            bits = self.bits(31)
            if bits - bits % bound + bound - 1 < 1 << 31:
                return bits % bound


def signs(labels, c):
    return np.where(labels == c, 1, -1)


warnings.simplefilter("error")  # of one that did not converge
x, y = congruent(600, 1)
xt, yt = congruent(400, 2)
x, xt = unit(x), unit(xt)
COSTS = [0.001, 0.01, 0.1, 10]
tried = np.array([[cross_val_score(svc(c), x, signs(y, k), cv=3, scoring="average_precision").mean()
                   for c in COSTS] for k in range(CLASSES)])
print("tried", np.round(100 * tried.mean(0), 4).tolist())
chosen = [COSTS[i] for i in tried.argmax(1)]
print("chosen", chosen)
scores = np.array([svc(c).fit(x, signs(y, k)).decision_function(xt) for k, c in enumerate(chosen)])
print("AP", [round(float(100 * envelope(signs(yt, k), scores[k])), 4) for k in range(CLASSES)])
print("top-1", 100 * (scores.argmax(0) == yt).mean())

for k in (4, 32):
    precision, top1 = np.zeros((3, len(COSTS))), np.zeros((3, len(COSTS)))
    for draw in range(3):
        random, rows = Random(7 + draw), []
        for label in range(CLASSES):
            order = np.where(y == label)[0].tolist()
            for i in range(len(order) - 1, 0, -1):
                j = random.below(i + 1)
                order[i], order[j] = order[j], order[i]
            rows += order[:k]
        for i, c in enumerate(COSTS):
            s = np.array([svc(c).fit(x[rows], signs(y[rows], label)).decision_function(xt)
                          for label in range(CLASSES)])
            precision[draw, i] = 100 * np.mean([envelope(signs(yt, l), s[l]) for l in range(CLASSES)])
            top1[draw, i] = 100 * (s.argmax(0) == yt).mean()
    best = precision.mean(0).argmax()
    print("low-shot", k, COSTS[best], np.round(precision[:, best], 4).tolist(), top1[:, best].tolist())

s, t = np.array([.9, .8, .8, .8, .3, .3, .1]), np.array([1, -1, 1, 1, 1, -1, -1])
print("ties", average_precision_score(t, s), envelope(t, s))
mixed = np.array([1, 1, -1, -1, -1, 1, -1, 1, -1, -1, 1, -1, -1, 1, -1])
print("folds", [int(f) for f in sum(
    (i * np.isin(np.arange(len(mixed)), out) for i, (_, out) in
     enumerate(StratifiedKFold(3).split(mixed, mixed))), np.zeros(len(mixed)))])
few = np.array([-1, -1, -1, 1, -1, 1, 1, -1, -1, -1, -1])
print("folds", [int(f) for f in sum(
    (i * np.isin(np.arange(len(few)), out) for i, (_, out) in
     enumerate(StratifiedKFold(3).split(few, few))), np.zeros(len(few)))])
