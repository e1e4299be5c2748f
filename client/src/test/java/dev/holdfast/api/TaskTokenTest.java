package dev.holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskTokenTest {
  @ParameterizedTest
  @ValueSource(strings = {"extract", "lines[0]", "lines[999]", "a.compensate", "l[3].compensate"})
  void textIsReadBackAndFitsAUrl(String task) {
    var token = new TaskToken("order.7-b", task, 3, -5);
    assertThat(TaskToken.parse(token.text())).isEqualTo(token);
    assertThat(URI.create("/v1/tasks/" + token.text()).getRawPath()).endsWith(token.text());
  }

  @Test
  void tokenOfAChildIsOneSegmentOfAPath() {
    var token = new TaskToken("order-7/settle/2", "work", 1, 9);
    assertThat(TaskToken.parse(token.text())).isEqualTo(token);
    assertThat(token.text()).doesNotContain("/");
  }

  @Test
  void whatIsNoTokenIsRefused() {
    assertThatThrownBy(() -> TaskToken.parse("a~b~1")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TaskToken.parse("a~b~x~1"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
