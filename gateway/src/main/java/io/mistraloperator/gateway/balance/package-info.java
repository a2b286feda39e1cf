/**
 * Which instance gets a request. Conversations with the same beginning go to the same instance,
 * whose cache knows it, as long as that one has no more than its share of the tokens that this
 * gateway has in flight. Instances that keep failing are left out for a while, unless no other is
 * left. A lease counts a request's tokens for as long as the engine works on it, takes the verdict
 * on the instance, and is given back exactly once. Decisions are pure; the picker keeps the counts.
 */
package io.mistraloperator.gateway.balance;
