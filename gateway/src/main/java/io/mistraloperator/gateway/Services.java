package io.mistraloperator.gateway;

import io.mistraloperator.gateway.auth.Gate;
import io.mistraloperator.gateway.balance.Picker;
import io.mistraloperator.gateway.engine.EngineClient;
import io.mistraloperator.gateway.hold.Budget;
import io.mistraloperator.gateway.hold.WaitingRoom;
import io.mistraloperator.gateway.observe.AccessLog;
import io.mistraloperator.gateway.observe.GatewayMetrics;
import io.mistraloperator.gateway.observe.Tracing;
import io.mistraloperator.gateway.route.InstanceDirectory;
import io.mistraloperator.gateway.route.RouteTable;
import io.vertx.core.Vertx;
import java.time.Clock;

/**
 * What all exchanges share.
 *
 * @param copies what copies of requests may have that are under way to mirrored deployments
 */
public record Services(
    RouteTable routes,
    InstanceDirectory instances,
    Gate gate,
    WaitingRoom waiting,
    Picker picker,
    EngineClient engines,
    Budget copies,
    GatewayMetrics metrics,
    AccessLog accessLog,
    Tracing tracing,
    Clock clock,
    Vertx vertx) {}
