# The values that NormalizedProbeTest expects, in double precision by NumPy: batch norm without scale
# and shift, linear layer, SGD with Nesterov momentum as PyTorch documents it, on features that
# SyntheticFeatures.congruent makes. Weights and order come from java.util.Random.
import math

import numpy as np

DIM, CLASSES, EPOCHS, BATCH, LR, DECAY, MILESTONES = 12, 5, 6, 64, 0.1, 0.01, [3, 5]


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
            values[i, j] = (noise + shift + 3) * [0.01, 1, 10][j % 3]
    return values.astype(np.float64), labels


class Random:  # java.util.Random
    def __init__(self, seed):
        self.state, self.spare = (seed ^ 0x5DEECE66D) & ((1 << 48) - 1), None

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

    def double(self):
        return ((self.bits(26) << 27) + self.bits(27)) / (1 << 53)

    def gaussian(self):
        if self.spare is not None:
            value, self.spare = self.spare, None
            return value
        while True:
            a, b = 2 * self.double() - 1, 2 * self.double() - 1
            s = a * a + b * b
            if 0 < s < 1:
                factor = math.sqrt(-2 * math.log(s) / s)
                self.spare = b * factor
                return a * factor


(x, y), (xt, yt) = congruent(300, 1), congruent(400, 2)
random = Random(9)
w = np.array([0.01 * random.gaussian() for _ in range(CLASSES * DIM)]).reshape(CLASSES, DIM)
b = np.zeros(CLASSES)
buffers = [np.zeros_like(w), np.zeros_like(b)]
mean, variance = np.zeros(DIM), np.ones(DIM)
order = list(range(len(x)))
for epoch in range(1, EPOCHS + 1):
    for i in range(len(order) - 1, 0, -1):
        j = random.below(i + 1)
        order[i], order[j] = order[j], order[i]
    lr, losses = LR * 0.1 ** sum(epoch > m for m in MILESTONES), []
    for step in range(len(x) // BATCH):
        rows = order[step * BATCH:(step + 1) * BATCH]
        batch = x[rows]
        mean = 0.9 * mean + 0.1 * batch.mean(0)
        variance = 0.9 * variance + 0.1 * batch.var(0, ddof=1)
        normal = (batch - batch.mean(0)) / np.sqrt(batch.var(0) + 1e-5)
        logits = normal @ w.T + b
        p = np.exp(logits - logits.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        losses.append(-np.log(p[np.arange(BATCH), y[rows]]).mean())
        p[np.arange(BATCH), y[rows]] -= 1
        p /= BATCH
        for value, gradient, k in ((w, p.T @ normal, 0), (b, p.sum(0), 1)):
            gradient = gradient + DECAY * value
            buffers[k] = 0.9 * buffers[k] + gradient
            value -= lr * (gradient + 0.9 * buffers[k])
    print("epoch", epoch, "loss", round(float(np.mean(losses)), 6))
guess = ((xt - mean) / np.sqrt(variance + 1e-5) @ w.T + b).argmax(1)
print("top-1", 100 * float((guess == yt).mean()))
