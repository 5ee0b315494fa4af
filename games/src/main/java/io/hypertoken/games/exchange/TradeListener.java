package io.hypertoken.games.exchange;

/// Hears what happens to offers, while somebody listens to the environment.
interface TradeListener {
    /// Units of an offer have traded.
    ///
    /// @param price gp a unit
    /// @param tax gp a unit that the seller paid; 0 for a buyer
    /// @param profit gp beyond what was paid for the units; 0 for a buyer
    void traded(int agent, int slot, long units, long price, long tax, long profit);

    /// An offer was placed, cancelled, has traded or was collected.
    void changed(int agent, int slot);

    /// A purchase counted against a limit.
    void limited(int agent, int item);
}
