package io.mistraloperator.gateway.auth;

import io.mistraloperator.gateway.route.Access;
import io.vertx.core.Future;

/** Checks tokens of one kind. */
interface Tokens<A extends Access> {
  /** Fails when the token could not be checked. */
  Future<Verdict> check(String token, A access);
}
