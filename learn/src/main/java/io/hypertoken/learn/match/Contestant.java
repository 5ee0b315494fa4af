package io.hypertoken.learn.match;

import io.hypertoken.env.Policy;

/// Somebody who plays.
///
/// @param policy how, in whichever seat
public record Contestant(String name, Policy policy) {}
