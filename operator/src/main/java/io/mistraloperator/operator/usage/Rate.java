package io.mistraloperator.operator.usage;

import java.math.BigDecimal;

/**
 * What an instance has, and what it costs; fixed when it is first seen.
 *
 * @param instanceType name of the machine type
 * @param cores CPU cores
 * @param gpus GPUs
 * @param pricePerHour of one instance, in the platform's currency; 0 where there is no price
 */
public record Rate(String instanceType, int cores, int gpus, BigDecimal pricePerHour) {}
