/**
 * How the deployments of one endpoint share its requests (rows D2.4, D2.6). Pure: what is asked for
 * and what is in force go in, what is to be in force comes out.
 */
package io.mistraloperator.operator.traffic;
