/** The chart: what it renders, what it refuses, and what an API server makes of it. */
package io.mistraloperator.e2e.chart;
