package io.hypertoken.engine;

import io.hypertoken.env.View;

/// A view that begins with room that nothing uses, as [PaddedStep] does.
@SuppressWarnings("UnusedVariable")
abstract class PaddedView extends View {
    private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;
}
