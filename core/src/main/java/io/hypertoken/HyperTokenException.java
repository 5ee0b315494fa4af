package io.hypertoken;

/// The one exception a caller of HyperToken meets: a refused call, which has changed nothing.
///
/// Its message reads *what; why; what to do*, and is the same sentence on every path.
public final class HyperTokenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;

    /// @param what what happened, with the offending value
    /// @param why the rule that was broken
    /// @param whatToDo what the caller can do now
    public HyperTokenException(ErrorCode code, String what, String why, String whatToDo) {
        super(what + "; " + why + "; " + whatToDo);
        this.code = code;
    }

    /// The same, keeping the exception that lies underneath.
    public HyperTokenException(ErrorCode code, String what, String why, String whatToDo, Throwable cause) {
        super(what + "; " + why + "; " + whatToDo, cause);
        this.code = code;
    }

    /// The kind of failure.
    public ErrorCode code() {
        return code;
    }
}
