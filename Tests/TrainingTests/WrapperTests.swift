import Network
import Testing
import Training

/// Data sets made of others.
@Suite struct WrapperTests {
  /// Item i is (10i, 10i + 1), of the class i modulo 3.
  private func numbered(_ count: Int) throws -> ArrayDataSet {
    try ArrayDataSet(
      inputs: Tensor(
        shape: [count, 2], values: (0..<count).flatMap { [Float(10 * $0), Float(10 * $0 + 1)] }),
      targets: Tensor(shape: [count], values: (0..<count).map { Float($0 % 3) }),
      classNames: ["a", "b", "c"])
  }

  @Test func subsetsHaveAnOrderOfTheirOwn() throws {
    let base = try numbered(6)
    let range = Subset(base, 2..<5)
    #expect(range.count == 3)
    #expect(try range.item(0) == base.item(2))
    let chosen = Subset(base, indices: [5, 0, 5])
    #expect(try chosen.item(2) == base.item(5))
    #expect(try chosen.item(1) == base.item(0))
    #expect(chosen.inputShape == [2] && chosen.targetShape == [] && chosen.classCount == 3)
    #expect(Subset(chosen, 1..<2).baseIndex(of: 0) == 1)
  }

  // Keras: floor(n · (1 − fraction)) items to train with.
  @Test(arguments: [(10, 0.2, 8), (11, 0.2, 8), (7, 0.5, 3), (60000, 0.1, 54000), (3, 0.9, 0)])
  func theLastFractionIsForValidation(count: Int, fraction: Double, training: Int) throws {
    let base = try numbered(count)
    guard training > 0 else {
      #expect(
        message { try base.split(validation: fraction) }
          == "a validation split of \(fraction) leaves one of the parts of \(count) items empty; "
          + "give a fraction between 0 and 1, such as 0.2")
      return
    }
    let parts = try base.split(validation: fraction)
    #expect(parts.training.count == training)
    #expect(parts.validation.count == count - training)
    #expect(parts.validation.baseIndex(of: 0) == training)
  }

  @Test func shufflingDependsOnTheSeedAlone() throws {
    let base = try numbered(50)
    func order(_ seed: UInt64) -> [Int] {
      let shuffled = base.shuffled(seed: seed)
      return (0..<50).map { shuffled.baseIndex(of: $0) }
    }
    #expect(order(1) == order(1))
    #expect(order(1) != order(2))
    #expect(order(1).sorted() == Array(0..<50))
  }

  @Test func classesBecomeVectors() throws {
    let set = try OneHot(try numbered(3))
    #expect(set.targetShape == [3])
    #expect(try set.item(1) == Item(input: [10, 11], target: [0, 1, 0]))
    #expect(try set.item(2).target == [0, 0, 1])
  }

  @Test(arguments: [(Float(5), "5"), (-1, "-1"), (0.5, "0.5"), (.nan, "nan")])
  func aLabelThatIsNoClassIsNamed(label: Float, text: String) throws {
    let base = try ArrayDataSet(
      inputs: Tensor(shape: [2, 1], repeating: 0), targets: Tensor(shape: [2], values: [0, label]))
    let set = try OneHot(base, classes: 3)
    #expect(
      message { try set.item(1) }
        == "item 1 has the label \(text), but there are 3 classes, numbered 0 to 2; "
        + "correct the label, or give the network as many outputs as there are classes")
    #expect(
      message { try OneHot(base) }
        == "the number of classes is not known; say how many there are")
  }

  @Test func vectorsAreNoClasses() throws {
    let base = try ArrayDataSet(
      inputs: Tensor(shape: [1, 1], repeating: 0), targets: Tensor(shape: [1, 2], repeating: 0))
    #expect(
      message { try OneHot(base, classes: 2) }
        == "targets of shape [2] are not the numbers of classes; "
        + "use the targets as they are, or give one number for each item")
  }

  @Test func inputsAreStandardizedAndTargetsAreNot() throws {
    let scaled = try Standardized(
      try numbered(3), Standardizer(numerator: 1, denominator: 2, offset: -1))
    #expect(try scaled.item(2) == Item(input: [9, 9.5], target: [2]))
    let set = try Standardized(
      try numbered(3), Standardizer(means: [20, 1], deviations: [1, 4]))
    #expect(try set.item(2) == Item(input: [0, 5], target: [2]))
    // As NumPy divides: a product with a rounded 1/255 would be another number.
    let pixels = try Standardized(try numbered(5), Standardizer(denominator: 255))
    #expect(try pixels.item(4).input == [Float(40.0 / 255), Float(41.0 / 255)])
  }

  @Test func numbersAreOneAChannel() throws {
    #expect(
      message { try Standardized(try numbered(3), Standardizer(means: [1, 2, 3])) }
        == "there are 3 means or deviations for 2 channels; "
        + "give one number, or one for each channel")
  }
}
