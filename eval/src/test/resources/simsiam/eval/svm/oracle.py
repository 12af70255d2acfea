# The values that the tests of simsiam.eval.svm expect: scikit-learn 1.9.1, NumPy.
# Features as SyntheticFeatures.congruent and severalClasses make them, the former brought to one
# scale; draws as by LabelledDraw.
import warnings

import numpy as np
from sklearn.metrics import average_precision_score
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.svm import LinearSVC

DIM, CLASSES, SCALES = 12, 5, [0.01, 1, 10]
MASK, STEP, SEED = (1 << 64) - 1, 0x9E3779B97F4A7C15, 7


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


def several(n, state):
    values, targets = np.zeros((n, DIM), np.float32), np.zeros((n, CLASSES), int)

    def following():
        nonlocal state
        state = (state * 1103515245 + 12345) % 2147483648
        return state

    for i in range(n):
        for c in range(CLASSES):  # 1 shown, 0 not shown, -1 ignored, as in the published scripts
            r = (following() >> 8) % 10
            targets[i, c] = 1 if r < 2 + c % 3 else -1 if r == 9 else 0
        for j in range(DIM):
            noise = sum(following() / 2147483648 for _ in range(3)) - 1.5
            values[i, j] = noise + (0.6 if targets[i, -j % CLASSES] == 1 else 0)
    return values, targets


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


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def order_of(rows, draw, number):  # LabelledDraw's, by ViewRandom
    keys = []
    for row in rows:
        h = 0xCBF29CE484222325
        for char in f"image{row}":
            h = ((h ^ ord(char)) * 0x100000001B3) & MASK
        h = mix((h + STEP) & MASK)
        h = mix(h ^ ((SEED * STEP) & MASK))
        h = mix((h + draw) & MASK)
        h = mix((h + (number << 32)) & MASK)
        key = mix((h + STEP) & MASK)
        keys.append((key - (1 << 64) if key >> 63 else key, row))
    return [row for _, row in sorted(keys)]


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
        rows = []
        for label in range(CLASSES):
            rows += order_of(np.where(y == label)[0], draw, -1)[:k]
        rows = sorted(rows)
        for i, c in enumerate(COSTS):
            s = np.array([svc(c).fit(x[rows], signs(y[rows], label)).decision_function(xt)
                          for label in range(CLASSES)])
            precision[draw, i] = 100 * np.mean([envelope(signs(yt, l), s[l]) for l in range(CLASSES)])
            top1[draw, i] = 100 * (s.argmax(0) == yt).mean()
    best = precision.mean(0).argmax()
    print("low-shot", k, COSTS[best], np.round(precision[:, best], 4).tolist(), top1[:, best].tolist())

x, y = several(600, 3)
xt, yt = several(400, 4)
x, xt = unit(x), unit(xt)


def tested(scores, c):  # without those that are ignored
    counted = yt[:, c] != -1
    return 100 * envelope(np.where(yt[counted, c] == 1, 1, -1), scores[counted])


fitted = np.where(y == 1, 1, -1)  # those that are ignored are negatives here
tried = np.array([[cross_val_score(svc(c), x, fitted[:, k], cv=3, scoring="average_precision").mean()
                   for c in COSTS] for k in range(CLASSES)])
print("several: tried", np.round(100 * tried.mean(0), 4).tolist())
chosen = [COSTS[i] for i in tried.argmax(1)]
print("several: chosen", chosen)
print("several: AP", [round(float(tested(svc(c).fit(x, fitted[:, k]).decision_function(xt), k)), 4)
                      for k, c in enumerate(chosen)])
for k in (4, 16):
    precision = np.zeros((3, len(COSTS)))
    for draw in range(3):
        for i, c in enumerate(COSTS):
            found = []
            for label in range(CLASSES):
                rows = sorted(order_of(np.where(y[:, label] == 1)[0], draw, -2 - label)[:k]
                              + order_of(np.where(y[:, label] == 0)[0], draw, -2 - label)[:k * (CLASSES - 1)])
                found.append(tested(svc(c).fit(x[rows], fitted[rows, label]).decision_function(xt), label))
            precision[draw, i] = np.mean(found)
    best = precision.mean(0).argmax()
    print("several: low-shot", k, COSTS[best], np.round(precision[:, best], 4).tolist())

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
