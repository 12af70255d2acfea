/**
 * What a stage found out, as data: measures, facts, tables, curves, count matrices and pictures.
 * Console, {@code summary.json}, MLflow, report page and comparison render what they find here and
 * know no figure by name. Knows no other package of the pipelines.
 */
package simsiam.pipelines.result;
