import DataFiles
import Network
import Testing

@testable import Training

@Suite struct AugmentationTests {
  /// The arrays that Keras computed: see `Tests/Fixtures/make_augmentation.py`.
  private static func fixture() throws -> [String: Tensor] {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    let path = parts.joined(separator: "/") + "/Fixtures/augmentation/cases.npz"
    let arrays = try NPZ.tensors(from: try FileBytes.read(path), named: path)
    return Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, $0.tensor) })
  }

  private func transform(_ parameters: ArraySlice<Float>) -> PictureTransform {
    let values = Array(parameters)
    var transform = PictureTransform()
    transform.rotation = Double(values[0])
    // What is no Float is meant as it was written.
    (transform.shiftX, transform.shiftY) = (decimal(values[1]), decimal(values[2]))
    transform.shear = Double(values[3])
    (transform.zoomX, transform.zoomY) = (decimal(values[4]), decimal(values[5]))
    transform.flipsHorizontally = values[6] != 0
    transform.flipsVertically = values[7] != 0
    transform.channelShift = values[8].isNaN ? nil : values[8]
    transform.brightness = values[9].isNaN ? nil : values[9]
    transform.fill = [.constant(values[11]), .nearest, .reflect, .wrap][Int(values[10])]
    return transform
  }

  private func decimal(_ value: Float) -> Double { Double("\(value)")! }

  @Test(arguments: ["square", "wide", "signed"])
  func everyTransformIsWhatKerasDoes(name: String) throws {
    let arrays = try Self.fixture()
    let picture = try #require(arrays[name])
    let parameters = try #require(arrays[name + "|parameters"])
    let results = try #require(arrays[name + "|results"])
    let (height, width, channels) = (picture.shape[0], picture.shape[1], picture.shape[2])
    let size = picture.values.count
    for row in 0..<results.shape[0] {
      let transform = transform(parameters.values[row * 12..<row * 12 + 12])
      var values = picture.values
      var span = values.mutableSpan
      if transform.isAffine {
        transform.apply(
          to: picture.values.span, height: height, width: width, channels: channels, result: &span)
      }
      transform.applyInPlace(to: &span, height: height, width: width, channels: channels)
      let expected = results.values[row * size..<(row + 1) * size]
      let difference = zip(values, expected).map { abs($0 - $1) }.max() ?? 0
      #expect(difference < 1e-4, "\(name), case \(row): \(transform)")
    }
  }

  private func pictures(_ shape: [Int]) throws -> ArrayDataSet {
    let count = shape.reduce(1, *)
    return try ArrayDataSet(
      inputs: Tensor(shape: [1] + shape, values: (0..<count).map(Float.init)),
      targets: Tensor(shape: [1], values: [4]))
  }

  @Test func parametersStayWithinTheirRanges() {
    var augmentation = Augmentation()
    augmentation.rotation = 30
    augmentation.widthShift = 0.25
    augmentation.heightShift = 3
    augmentation.shear = 5
    augmentation.zoom = 0.8...1.1
    augmentation.channelShift = 7
    augmentation.brightness = 0.5...1.5
    augmentation.flipsHorizontally = true
    let transforms = (0..<2000).map {
      augmentation.transform(variation: UInt64($0), height: 10, width: 20)
    }
    func extent(_ value: (PictureTransform) -> Double) -> (Double, Double) {
      let values = transforms.map(value)
      return (values.min()!, values.max()!)
    }
    func isFull(_ value: (PictureTransform) -> Double, _ range: ClosedRange<Double>) -> Bool {
      let (least, most) = extent(value)
      let slack = (range.upperBound - range.lowerBound) / 100
      return range ~= least && range ~= most && least < range.lowerBound + slack
        && most > range.upperBound - slack
    }
    #expect(isFull({ $0.rotation }, -30...30))
    #expect(isFull({ $0.shiftX }, -5...5))
    #expect(isFull({ $0.shiftY }, -3...3))
    #expect(isFull({ $0.shear }, -5...5))
    #expect(isFull({ $0.zoomX }, 0.8...1.1))
    #expect(isFull({ $0.zoomY }, 0.8...1.1))
    #expect(isFull({ Double($0.channelShift!) }, -7...7))
    #expect(isFull({ Double($0.brightness!) }, 0.5...1.5))
    let flips = transforms.count { $0.flipsHorizontally }
    #expect(abs(flips - 1000) < 100)
    #expect(transforms.allSatisfy { !$0.flipsVertically })
  }

  @Test func anItemDependsOnItsVariationAlone() throws {
    var augmentation = Augmentation()
    augmentation.rotation = 90
    augmentation.flipsVertically = true
    let set = try Augmented(try pictures([6, 5, 2]), augmentation)
    let first = try set.item(0, variation: 1)
    #expect(try set.item(0, variation: 2) != first)
    #expect(try set.item(0, variation: 1) == first)
    #expect(first.target == [4])
  }

  @Test func withoutAVariationAnItemIsOnlyRescaled() throws {
    var augmentation = Augmentation()
    augmentation.rotation = 90
    augmentation.rescale = 0.5
    let set = try Augmented(try pictures([2, 2, 1]), augmentation)
    #expect(try set.item(0).input == [0, 0.5, 1, 1.5])
  }

  @Test func anAugmentationOfNothingChangesNothing() throws {
    let base = try pictures([3, 4, 1])
    #expect(try Augmented(base, Augmentation()).item(0, variation: 5) == base.item(0))
  }

  @Test func onlyPicturesAreAugmented() throws {
    let base = try pictures([4])
    #expect(
      message { try Augmented(base, Augmentation()) }
        == "items of shape [4] are no pictures; augment items of (height, width, channels) only")
  }
}
