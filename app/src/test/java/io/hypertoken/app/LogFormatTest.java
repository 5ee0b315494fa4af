package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogFormatTest {
    @Test
    void theCommandLogsInThisFormatByItself() {
        var root = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);

        assertThat(root.getLevel()).isEqualTo(Level.INFO);
        assertThat(root.getAppender("stderr")).isInstanceOf(ConsoleAppender.class);
    }

    @Test
    void anEventIsOneLineOnStandardErrorWithTimeLevelAndShortLoggerName() {
        var context = new LoggerContext();
        new LogFormat().configure(context);
        var logger = context.getLogger("io.hypertoken.server.Server");
        var appender = (ConsoleAppender<ILoggingEvent>)
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("stderr");

        byte[] line = appender.getEncoder()
                .encode(new LoggingEvent("fqcn", logger, Level.WARN, "refused {}", null, new Object[] {"decks=0"}));

        assertThat(appender.getTarget()).isEqualTo("System.err");
        assertThat(new String(line, StandardCharsets.UTF_8))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S+ WARN  Server: refused decks=0\n");
    }
}
