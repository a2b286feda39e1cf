package io.mistraloperator.operator.kube;

/**
 * What an event tells.
 *
 * @param warning whether it is trouble
 * @param reason one word for programs
 * @param message the cause, for people
 * @param identity the same for the same happening, so that a repeat is none
 */
public record Happening(boolean warning, String reason, String message, String identity) {}
