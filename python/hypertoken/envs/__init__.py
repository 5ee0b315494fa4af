"""The environments users hold: Gymnasium's, PettingZoo's and vectors of rows."""
