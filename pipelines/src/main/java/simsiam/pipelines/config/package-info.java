/** A run's configuration as records that check themselves. It knows neither files nor stages. */
package simsiam.pipelines.config;
