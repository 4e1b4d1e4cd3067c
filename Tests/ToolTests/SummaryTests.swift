import Foundation
import Testing

@Suite struct SummaryTests {
  @Test func printsKerasTable() throws {
    let text = try Tool.succeed(["summary", Tool.model])
    #expect(
      text == """
        Model: "fashion_mnist"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┓
        ┃ Layer (type)                ┃ Output Shape       ┃ Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━┩
        │ conv_layer_1 (Conv2D)       │ (None, 26, 26, 64) │     640 │
        ├─────────────────────────────┼────────────────────┼─────────┤
        │ pool_layer_2 (MaxPooling2D) │ (None, 13, 13, 64) │       0 │
        ├─────────────────────────────┼────────────────────┼─────────┤
        │ conv_layer_3 (Conv2D)       │ (None, 11, 11, 64) │  36,928 │
        ├─────────────────────────────┼────────────────────┼─────────┤
        │ pool_layer_4 (MaxPooling2D) │ (None, 5, 5, 64)   │       0 │
        ├─────────────────────────────┼────────────────────┼─────────┤
        │ flatten_layer_5 (Flatten)   │ (None, 1600)       │       0 │
        ├─────────────────────────────┼────────────────────┼─────────┤
        │ dense_layer_6 (Dense)       │ (None, 128)        │ 204,928 │
        ├─────────────────────────────┼────────────────────┼─────────┤
        │ dense_layer_7 (Dense)       │ (None, 10)         │   1,290 │
        └─────────────────────────────┴────────────────────┴─────────┘
         Total params: 243,786 (952.29 KB)
         Trainable params: 243,786 (952.29 KB)
         Non-trainable params: 0 (0.00 B)

        """)
  }

  @Test func showsTheShapesForAnInputOfASize() throws {
    let model = "\(Tool.fixtures)/layers/low-rank.keras3.h5"
    let open = try Tool.succeed(["summary", model])
    #expect(open.contains("(None, None, None, 6)"))
    let sized = try Tool.succeed(["summary", model, "--input-shape", "16x24x4"])
    #expect(sized.contains("(None, 14, 22, 6)") && !sized.contains("(None, None"))
    for (shapes, part) in [
      (["16x24x3"], "the model expects"), (["16x24x4", "3"], "given 2 times"),
      (["16xa"], "expected sizes such as"),
    ] {
      let wrong = try Tool.run(["summary", model] + shapes.flatMap { ["--input-shape", $0] })
      #expect(wrong.status != 0 && wrong.error.contains(part), "\(wrong.error)")
    }
  }

  @Test(arguments: ["keras2", "keras3"])
  func countsFrozenLayersAndShowsConnections(_ version: String) throws {
    let text = try Tool.succeed(
      ["summary", "\(Tool.fixtures)/layers/nested.\(version).h5", "--json"])
    let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    let summary = try #require(json)
    let total = try #require(summary["total_parameters"] as? Int)
    let trainable = try #require(summary["trainable_parameters"] as? Int)
    let fixed = try #require(summary["non_trainable_parameters"] as? Int)
    #expect(total == trainable + fixed)
    let layers = try #require(summary["layers"] as? [[String: Any]])
    let encoder = try #require(layers.first { $0["name"] as? String == "encoder" })
    #expect(encoder["class_name"] as? String == "Sequential")
    #expect((encoder["connected_to"] as? [String])?.count == 1)
    // The frozen convolution and the moving statistics.
    #expect(fixed > 0)
  }
}
