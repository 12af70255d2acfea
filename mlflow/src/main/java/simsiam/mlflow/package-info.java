/**
 * What runs, models and data sets are called, by whoever logs them and by the server. The packages
 * below are its ways: {@code client} is what programs call, {@code spool} the journal, {@code
 * upload} what sends it, {@code rest} the server over HTTP. This one knows none of them.
 */
package simsiam.mlflow;
