extension ReportData {
  /// How a layer's values are made of its inputs: enough for the page to do it again for one of them.
  struct Recipe: Encodable {
    enum Kind: String, Encodable {
      /// Sums over a window: of all channels or those of a group, of one, and of each one first.
      case convolution, depthwise, separable
      /// Of a window, and of the whole picture.
      case maximum, mean, wholeMaximum, wholeMean
      /// The sum over the last axis.
      case dense
      /// (x − mean) ÷ √(variance + ε) · γ + β.
      case normalization
      /// Value by value of several inputs, by the layer's class; and their channels behind each other.
      case merging, concatenation
      /// Of one value, and that value itself, which lies in the same place of all values.
      case function, same
    }

    var kind: Kind
    var window: Window?
    /// Keras's name; nil where there is none.
    var activation: String?
    var epsilon: Double?
    /// By Keras's names; nil where they do not fit.
    var weights: [String: Weight]?
  }

  /// What slides over a layer's input; a sequence is a picture of one row.
  struct Window: Encodable {
    /// Each along height and width.
    var size: [Int]
    var strides: [Int]
    var dilation: [Int]
    /// How many zeros are above and to the left.
    var padding: [Int]
    var groups = 1
  }

  struct Weight: Encodable {
    var shape: [Int]
    var values: String
  }
}
