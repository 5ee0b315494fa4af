package io.hypertoken.env;

import java.lang.foreign.MemorySegment;

/// The columns that a [Twin] reads and writes, little-endian, one entry a row.
///
/// @param action leaf 0 of the actions
/// @param observation leaf 0 of the observations
/// @param reward float64
/// @param terminated one byte a row, 0 or 1
public record TwinColumns(
        MemorySegment action, MemorySegment observation, MemorySegment reward, MemorySegment terminated) {}
