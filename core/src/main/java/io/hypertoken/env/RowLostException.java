package io.hypertoken.env;

/// The rules of a row of [RemoteRows] are gone; the message says why, for its agents' info.
public final class RowLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// @param why what became of them, such as `its process ended with exit code 1`
    public RowLostException(String why) {
        super(why);
    }
}
