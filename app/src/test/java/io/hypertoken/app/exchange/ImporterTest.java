package io.hypertoken.app.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.games.exchange.BarColumns;
import io.hypertoken.games.exchange.Item;
import io.hypertoken.games.exchange.Recording;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImporterTest {
    private static final Path SAMPLES = Path.of("src/test/resources/prices");
    private static final Path MIXED = SAMPLES.resolve("mixed");
    private static final long NOON = 1_767_614_400;

    @TempDir
    Path folder;

    private static Importer.Result read(ImportSettings settings, Path... paths) throws IOException {
        return new Importer(settings, line -> {}).read(List.of(paths));
    }

    private static Recording recording(Path... paths) throws IOException {
        return read(ImportSettings.DEFAULT, paths).recording();
    }

    private static ImportSettings windowsOf(Window window) {
        return new ImportSettings(window, null, 0, Long.MAX_VALUE, false);
    }

    private Path answer(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.writeString(file, text);
    }

    /// The answer for one window of one item.
    private static String window(long start, long high) {
        return """
                {"data":{"4151":{"avgHighPrice":%d,"highPriceVolume":3,"avgLowPrice":90,"lowPriceVolume":1}},\
                "timestamp":%d}""".formatted(high, start);
    }

    private static long[] prices(BarColumns columns, int id, boolean isHigh) {
        long[] prices = new long[columns.windows()];
        Arrays.setAll(prices, k -> columns.price(columns.place(id), k, isHigh));
        return prices;
    }

    @Test
    void allFormsTogetherAreOneRecordingWhoseWindowsLieWhereTheirTimestampsSay() throws IOException {
        Importer.Result result = read(ImportSettings.DEFAULT, MIXED);
        BarColumns windows = result.recording().windows();

        assertThat(windows.seconds()).isEqualTo(300);
        assertThat(windows.start()).isEqualTo(NOON);
        assertThat(windows.ids()).as("a latest price alone makes no item").containsExactly(2, 4151, 20997);
        assertThat(prices(windows, 2, true))
                .as("the window between was not recorded but for a latest price")
                .containsExactly(191, 195, 193);
        assertThat(prices(windows, 20997, true)).as("prices of 64 bits").containsExactly(9_215_000_000L, 0, 0);
        assertThat(prices(windows, 20997, false)).as("null is no price").containsOnly(0);
        assertThat(prices(windows, 4151, false))
                .as("a latest price of years ago is none of today")
                .containsExactly(1_561_000, 0, 1_560_500);
        assertThat(windows.volume(0, 0, false)).isEqualTo(30_112);
        assertThat(Objects.requireNonNull(result.recording().hours()).price(0, 0, true))
                .isEqualTo(192);
        assertThat(result.recording().items())
                .containsEntry(2, new Item(2, "Steel cannonball", true, 11_000, 5, 2, 3))
                .containsEntry(20997, new Item(20997, "Twisted bow", true, 0, 4_000_000, 0, 0));
        assertThat(result.bars())
                .containsExactly(
                        "5m   3 items, 3 windows from 2026-01-05 12:00 to 2026-01-05 12:15 UTC; 0 windows missing, no trade"
                                + " on 38.9 % of sides",
                        "1h   1 items, 1 windows from 2026-01-05 11:00 to 2026-01-05 12:00 UTC; 0 windows missing, no"
                                + " trade on 0.0 % of sides");
        assertThat(result.notes()).containsExactly("names and limits of 2 items from their mapping");
    }

    @Test
    void aSeriesIsReadWithItsHolesAndAgreesWithTheWindows() throws IOException {
        Recording series = recording(SAMPLES.resolve("series"));

        assertThat(series.windows().seconds()).as("told by its spacing").isEqualTo(300);
        assertThat(prices(series.windows(), 4151, true)).containsExactly(1_580_012, 0, 0, 0, 1_581_000);
        assertThat(prices(series.windows(), 4151, false)).containsExactly(1_561_000, 0, 0, 1_559_000, 1_559_900);

        Importer.Result both = read(ImportSettings.DEFAULT, SAMPLES.resolve("series"), MIXED);
        assertThat(both.notes()).contains("2 prices were told twice, and alike");
    }

    @Test
    void gzippedFilesAndSeveralAnswersInOneReadAlike() throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("what.json.gz")))) {
            out.write((window(NOON, 100) + "\n" + window(NOON + 600, 102) + "\n" + window(NOON + 300, 101)).getBytes());
        }

        assertThat(prices(recording(folder).windows(), 4151, true)).containsExactly(100, 101, 102);
    }

    @Test
    void howLongWindowsAreIsToldByThePathOrTheSpacingOrTheCommandAndNeverGuessed() throws IOException {
        Path one = answer("first.json", window(NOON, 100));
        assertThatThrownBy(() -> recording(one))
                .isInstanceOf(HyperTokenException.class)
                .hasMessage(
                        "cannot tell how long the windows of " + one + " are; the API's answer does not say so, and "
                                + "one window has no spacing; pass --window, or put each kind into a folder of its name, such "
                                + "as 5m or 1h");
        assertThat(read(windowsOf(Window.H1), one).recording().windows().seconds())
                .isEqualTo(3600);
        assertThat(recording(answer("6h/last.json", window(NOON, 100)))
                        .windows()
                        .seconds())
                .isEqualTo(21_600);
        answer("second.json", window(NOON + 600, 100));
        Files.delete(folder.resolve("6h/last.json"));
        assertThat(recording(folder).windows().seconds()).isEqualTo(600);
        assertThatThrownBy(() -> read(windowsOf(Window.H1), folder))
                .hasMessageContaining("refused the window of " + (NOON + 600))
                .hasMessageContaining("windows of 1h begin at multiples of 3600 s");
    }

    @Test
    void answersThatDifferAreRefusedUnlessTheLastIsToWin() throws IOException {
        answer("a.json", window(NOON, 100) + window(NOON + 300, 100));
        Path other = answer("b.json", window(NOON, 120));

        assertThatThrownBy(() -> read(windowsOf(Window.M5), folder))
                .hasMessageContaining("refused " + other.toRealPath() + " for item 4151 in the window of " + NOON)
                .hasMessageContaining("100 gp for 3 units where this has 120 for 3");
        Importer.Result last = read(new ImportSettings(Window.M5, null, 0, Long.MAX_VALUE, true), folder);
        assertThat(prices(last.recording().windows(), 4151, true)).containsExactly(120, 100);
        assertThat(last.notes())
                .containsExactly(
                        "1 prices were told twice, and alike",
                        "1 prices were told otherwise by a later file, and replaced");
    }

    @Test
    void halfAFileAndAWrongOneAreRefusedWithTheirPlace() throws IOException {
        String whole = window(NOON, 100);
        refuses(whole.substring(0, 60), "line 1, column", "Unexpected end");
        refuses("", "it is empty");
        refuses("{\"error\":\"bad\"}", "it has no data, so that it is no answer of the prices API");
        refuses(whole.replace("100", "-1"), "avgHighPrice is -1, not a whole number from 0 to 34359738368");
        refuses(whole.replace("100", "1e3"), "avgHighPrice is 1e3, not a whole number");
        refuses(whole.replace("100", "99999999999999999999"), "avgHighPrice is 99999999999999999999, not");
        refuses(whole.replace("4151", "Abyssal whip"), "Abyssal whip stands where an item's id belongs");
        refuses(whole.replace("" + NOON, NOON + "000"), "which is no time in Unix seconds");
        refuses(whole.replace(",\"timestamp\":" + NOON, ""), "no timestamp, which says when their window began");
        refuses(whole.replace("avg", "mean"), "item 4151 has not the fields that the prices API gives it");
        refuses("{\"data\":[]}", "it is a time series without itemId");
        refuses("[1]", "it is a list, but not of items");
        Path cut = folder.resolve("5m.json.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(cut))) {
            out.write(whole.getBytes());
        }
        byte[] bytes = Files.readAllBytes(cut);
        Files.write(cut, Arrays.copyOf(bytes, bytes.length - 20));
        assertThatThrownBy(() -> recording(cut))
                .hasMessageContaining("refused " + cut)
                .hasMessageContaining("Unexpected end of ZLIB input stream");
        Files.delete(cut);
        answer("notes.txt", "buy low");
        Files.delete(folder.resolve("wrong.json"));
        assertThatThrownBy(() -> recording(folder)).hasMessageContaining("found no saved answers");
    }

    private void refuses(String text, String... why) throws IOException {
        Path file = answer("wrong.json", text);
        assertThatThrownBy(() -> read(windowsOf(Window.M5), file))
                .isInstanceOf(HyperTokenException.class)
                .hasMessageContaining("refused " + file + " at line ")
                .hasMessageContainingAll(why);
    }

    @Test
    void aPartOfThemCanBeImportedAndTheWindowsToPlayChosen() throws IOException {
        for (int k = 0; k < 30; k++) {
            answer("5m/" + k + ".json", window(NOON + 300L * k, 100 + k));
        }
        answer("1h/x.json", window(NOON, 7) + window(NOON + 3600, 8));

        Importer.Result part = read(new ImportSettings(null, null, NOON + 3000, NOON + 3900, false), folder);
        assertThat(prices(part.recording().windows(), 4151, true)).containsExactly(110, 111, 112);
        Importer.Result hours = read(new ImportSettings(null, Window.H1, 0, Long.MAX_VALUE, false), folder);
        assertThat(prices(hours.recording().windows(), 4151, true)).containsExactly(7, 8);
        assertThat(hours.recording().hours()).isNull();
        assertThat(hours.notes()).singleElement().asString().startsWith("left out windows of 5m");
        assertThatThrownBy(() -> read(new ImportSettings(null, Window.H24, 0, Long.MAX_VALUE, false), folder))
                .hasMessage("refused --play 24h; no answer has windows of that length; choose of 5m, 1h");
    }

    @Test
    void whatIsFarApartIsRefusedBeforeItTakesTheMemory() throws IOException {
        answer("5m/a.json", window(1_000_000_200, 1));
        answer("5m/b.json", window(4_000_000_200L, 1).replace("4151", "2"));
        var many = new StringBuilder("{\"data\":{");
        for (int id = 1; id < 2000; id++) {
            many.append("\"").append(id).append("\":{\"avgHighPrice\":5,\"avgLowPrice\":null},");
        }
        answer("5m/c.json", many + "\"0\":{\"avgHighPrice\":5}},\"timestamp\":1000000200}");

        assertThatThrownBy(() -> recording(folder))
                .hasMessageContaining("refused so many answers at once")
                .hasMessageContaining("import a part by --from and --until");
    }

    @Test
    void whatIsExportedIsImportedAlike() throws IOException {
        Recording before = recording(MIXED);

        assertThat(Exporter.write(before, Window.M5, folder)).isEqualTo(3);
        assertThat(Exporter.write(before, Window.H1, folder)).isEqualTo(1);

        assertThat(folder.resolve("5m/" + NOON + ".json"))
                .hasContent(Files.readString(MIXED.resolve("5m/b.json")).strip());
        Recording after = recording(folder);
        for (int id : before.windows().ids()) {
            for (boolean isHigh : new boolean[] {true, false}) {
                assertThat(prices(after.windows(), id, isHigh)).isEqualTo(prices(before.windows(), id, isHigh));
            }
        }
        assertThatThrownBy(() -> Exporter.write(before, Window.M5, folder))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> Exporter.write(before, Window.H6, folder))
                .hasMessage("refused --window 6h; the recording has no bars of that length; it plays windows of 5m; "
                        + "export those");
        try (var files = Files.list(folder)) {
            assertThat(files).as("nothing else is left").hasSize(2);
        }
    }

    @Test
    void hoursThatWereNotRecordedAreExportedAsTheirWindowsMakeThem() throws IOException {
        for (int k = 0; k < 14; k++) {
            answer("in/5m/" + k + ".json", window(NOON + 300L * k, 100 + k));
        }

        assertThat(Exporter.write(recording(folder.resolve("in")), Window.H1, folder))
                .as("whole hours only")
                .isEqualTo(1);
        assertThat(folder.resolve("1h/" + NOON + ".json")).hasContent("""
                {"data":{"4151":{"avgHighPrice":106,"highPriceVolume":36,"avgLowPrice":90,"lowPriceVolume":12}},\
                "timestamp":%d}""".formatted(NOON));
    }
}
