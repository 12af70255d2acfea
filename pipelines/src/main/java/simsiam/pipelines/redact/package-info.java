/** Keeps secrets out of what is shown or stored; knows no other package of the program. */
package simsiam.pipelines.redact;
