package io.hypertoken.guests.python;

/// Rules in Python have raised, and this is what: `ValueError: no such door (my_env.py:12 in step)`.
final class PythonException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PythonException(String raised) {
        super(raised, null, false, false); // the trace of whoever asked says nothing of the rules
    }

    /// The message alone, for it begins with the class that was raised.
    @Override
    public String toString() {
        return String.valueOf(getMessage());
    }
}
