/**
 * Sweeps: what is asked ({@link simsiam.pipelines.sweep.grid.SweepSpec}, from a file and the
 * command line), the points that come of it on a base ({@link simsiam.pipelines.sweep.grid.Grid}),
 * what of them is there ({@link simsiam.pipelines.sweep.SweepPlan}), and the children that make the
 * rest ({@link simsiam.pipelines.sweep.SweepRunner}).
 *
 * <pre>{@code
 * sweep: batch-size             # name: letters, digits, '.', '_', '-'
 * question: How small, how large a batch?
 * base: ../cifar10.yaml         # from this file's folder, else from conf/; --base has precedence
 * least_steps: 2                # optimiser steps an epoch that a point must have
 * overrides:                    # over the base's values, the same for all points
 *   train.epochs: 100
 * axes:                         # every combination of their values is a point
 *   train.batch_size: [64, 128, 256]
 *   projector.dim: [base/2, base]       # of the base's own value: base, base*N, base/N
 *   predictor:                          # values that set several keys, each with a label
 *     none: {predictor.kind: none}
 *     constant rate: {predictor.kind: mlp, train.predictor_lr: constant}
 *   seed: 0..2                  # 0, 1, 2
 * zip:                          # axes that go together, value by value
 *   - {train.base_lr: [0.03, 0.06], train.weight_decay: [0.0005, 0.00025]}
 * exclude:                      # points for which all of an entry holds
 *   - {train.batch_size: 64, predictor: none}
 * points:                       # further values for points for which all of when holds
 *   - {when: {train.batch_size: ">=1024"}, set: {train.warmup_epochs: 10}}
 * baseline: {train.batch_size: 256}     # what others are compared with
 * measures: [linear_top1, knn_top1]     # columns of the table
 * paper:                                # published figures to show beside
 *   setting: ImageNet, ResNet-50, 100 epochs
 *   figures:
 *     - {when: {train.batch_size: 64}, linear_top1: 66.1}
 *     - {when: {train.batch_size: 128}, note: not published}
 * }</pre>
 *
 * <p>A condition ({@code exclude}, {@code when}, {@code baseline}) names axes or keys; a list means
 * one of its values, {@code ">=N"} and the like compare numbers. The package knows neither the
 * console nor the tracker.
 */
package simsiam.pipelines.sweep;
