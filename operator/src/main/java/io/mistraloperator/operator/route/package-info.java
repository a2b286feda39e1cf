/**
 * Endpoints as the gateway knows them. A route is named after its endpoint name, so the API server
 * decides who gets a name that two want (row A6.2); it is made by a plain create and changed at a
 * known version, never applied over. A route whose owner is gone is taken over.
 */
package io.mistraloperator.operator.route;
