package io.hypertoken.engine;

/// Hears when a vector was reset and stepped, to look at its batch; see [VectorEnvironment#attach(StepListener)].
///
/// Called on the thread that called the vector, between its steps; it may look at its
/// infos, and must not call anything of it that moves or looks anew.
public interface StepListener {
    /// Rows were reset: those whose flag is set in the batch's reset mask, unless they could not be.
    void afterReset();

    /// The actions in the batch were found good, illegal ones are replaced, and nothing has moved yet.
    void beforeStep();

    /// The step is done.
    void afterStep();
}
