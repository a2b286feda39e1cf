package io.mistraloperator.gateway.chat;

/**
 * A function that the model wants called.
 *
 * @param id nine letters and digits (row C2)
 * @param name of the function
 * @param arguments JSON text
 */
public record ToolCall(String id, String name, String arguments) {}
