import Kernel

/// How long an operation takes, and how it can be shared out.
struct OperationWork {
  /// The units that its work can be divided into.
  var units: Int
  /// An estimate for one thread: a hundred multiply-adds or four floats moved a nanosecond.
  var nanoseconds: Int
  /// Several, so that a thread that is held up does less; one where each part repeats some work.
  var partsPerThread = 4
}

extension Operation {
  /// The products that are added up for one picture; 0 where the operation is not made of such.
  public var multiplyAdds: Int {
    switch kind {
    case .convolution, .trackedConvolution:
      let geometry = window.geometry
      return geometry.outputCount * geometry.windowHeight * geometry.windowWidth
        * (geometry.inputChannels / window.groups)
    case .transposedConvolution:
      let geometry = window.geometry
      return geometry.inputCount * geometry.windowHeight * geometry.windowWidth
        * geometry.outputChannels
    case .depthwiseConvolution:
      let geometry = window.geometry
      return geometry.outputCount * geometry.windowHeight * geometry.windowWidth
    case .matrixProduct: return number(0) * number(1) * number(2) * number(3)
    default: return 0
    }
  }

  /// What the operation is for some pictures.
  ///
  /// - Parameter output: The floats of one picture's output.
  func work(pictures: Int, output: Int) -> OperationWork {
    let moved = pictures * output / 4
    switch kind {
    case .convolution, .trackedConvolution:
      var geometry = window.geometry
      geometry.batch = pictures
      let inputs = geometry.inputChannels / window.groups
      let products =
        geometry.outputCount * pictures * geometry.windowHeight * geometry.windowWidth * inputs
      let panels = Panel.count(geometry.outputChannels)
      if winogradTile > 0 {
        let tiles = Winograd.tileCount(geometry, tile: winogradTile)
        return OperationWork(
          units: sharesPanels(pictures) ? panels : tiles, nanoseconds: products / 250,
          partsPerThread: 1)
      }
      // The weights of a dense layer take longer than its arithmetic, above all from beyond the second
      // cache.
      let weights = geometry.windowHeight * geometry.windowWidth * inputs * geometry.outputChannels
      let lines = Convolution.lineCount(geometry, groups: window.groups, isPooled: isPooled)
      let sharesPanels = sharesPanels(pictures)
      let reading = weights / (weights > 1 << 18 ? 16 : 32)
      return OperationWork(
        units: sharesPanels ? panels : lines,
        nanoseconds: products / 100 + geometry.outputCount * pictures / 4 + reading,
        partsPerThread: sharesPanels ? 1 : partsPerThread)
    case .transposedConvolution:
      let geometry = window.geometry
      let products =
        geometry.inputCount * pictures * geometry.windowHeight * geometry.windowWidth
        * geometry.outputChannels
      return OperationWork(
        units: pictures * geometry.inputHeight, nanoseconds: products / 100,
        partsPerThread: partsPerThread)
    case .depthwiseConvolution:
      let geometry = window.geometry
      return OperationWork(
        units: pictures * geometry.outputHeight,
        nanoseconds: moved * geometry.windowHeight * geometry.windowWidth / 4)
    case .maximumPooling, .averagePooling:
      let geometry = window.geometry
      return OperationWork(
        units: pictures * geometry.outputHeight,
        nanoseconds: moved * geometry.windowHeight * geometry.windowWidth / 2)
    case .activation: return OperationWork(units: pictures * output / 64, nanoseconds: moved * 2)
    case .scaleAndShift:
      return OperationWork(units: pictures * output / number(0), nanoseconds: moved)
    case .addition: return OperationWork(units: pictures * output / 64, nanoseconds: moved)
    case .softmax: return OperationWork(units: pictures * number(0), nanoseconds: moved * 4)
    case .copy: return OperationWork(units: pictures, nanoseconds: moved)
    case .fill: return OperationWork(units: pictures * output / 64, nanoseconds: moved)
    case .combination:
      return OperationWork(units: pictures * number(1), nanoseconds: moved)
    case .reduction:
      return OperationWork(units: pictures * number(1), nanoseconds: moved * number(2))
    case .gathering: return OperationWork(units: pictures, nanoseconds: 2 * moved)
    case .resampling:
      return OperationWork(units: pictures * number(0), nanoseconds: moved * number(4))
    case .matrixProduct:
      return OperationWork(
        units: pictures * number(0) * number(1), nanoseconds: pictures * output * number(2) / 20)
    case .lookup, .boundaryCount: return OperationWork(units: pictures, nanoseconds: 2 * moved)
    case .constant: return OperationWork(units: pictures, nanoseconds: moved)
    default:
      #if hasFeature(Embedded)
        return OperationWork(units: 1, nanoseconds: moved)
      #else
        return trainingWork(pictures: pictures, output: output)
      #endif
    }
  }

  /// In how many parts a thread's share is done: each widens narrow weights by itself.
  private var partsPerThread: Int { weightType == .float32 ? 4 : 1 }

  /// Whether a convolution is shared out by panels of output channels, and not by its pixels.
  ///
  /// Where there are few pixels for the weights, so that each thread reads its part of them only.
  func sharesPanels(_ pictures: Int) -> Bool {
    let window = window
    guard window.groups == 1 else { return false }
    let pixels = pictures * window.geometry.outputHeight * window.geometry.outputWidth
    return Panel.count(window.geometry.outputChannels) >= 4 && pixels <= 256
  }
}
