package io.hypertoken.games.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ItemTableTest {
    @Test
    void itemsAreKnownByTheirIds() {
        assertThat(ItemTable.of(4151)).isEqualTo(new Item(4151, "Abyssal whip", true, 70, 120_001, 48_000, 72_000));
        assertThat(ItemTable.of(561).limit()).isEqualTo(18_000);
        assertThat(ItemTable.of(1333).members()).isFalse();
        assertThat(ItemTable.all()).hasSize(4151);
    }

    @Test
    void theBondCannotBeTradedTwiceSoItIsNotThere() {
        assertThat(ItemTable.find(13190)).isNull();
    }

    @Test
    void anItemThatIsNewerThanTheTableHasNoLimit() {
        assertThat(ItemTable.of(999_999)).isEqualTo(new Item(999_999, "item 999999", true, 0, 0, 0, 0));
    }

    @Test
    void theSeededMarketHasAsManyItemsAsItsOptionSays() {
        assertThat(TypicalItem.most(true)).isEqualTo(GrandExchange.MOST_ITEMS);
        assertThat(TypicalItem.most(false)).isEqualTo(GrandExchange.MOST_FREE_ITEMS);
    }
}
