import Network
import Testing

struct LayerRegistryTests {
  /// Its input has the steps in front of the channels, which moving the first axis would not see.
  @Test func convolutionalRecurrenceRefusesChannelsFirst() {
    let configuration = LayerConfiguration(
      className: "ConvLSTM2D",
      values: [
        "filters": .integer(2), "kernel_size": .integer(3),
        "data_format": .string("channels_first"),
      ])
    #expect {
      _ = try LayerRegistry.layer(configuration)
    } throws: { error in
      "\(error)".contains("channels_first")
    }
  }
}
