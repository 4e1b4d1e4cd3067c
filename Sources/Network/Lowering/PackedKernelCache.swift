/// Packed weights by the arrays that they were made of.
///
/// Layers that are called several times, and those that are lowered to the same operations for each step of
/// a sequence, use the same arrays again and again; their weights are to be there once.
struct PackedKernelCache {
  private struct Key: Hashable {
    var address: UnsafeRawPointer?
    var shape: [Int]
    var layout: String
  }

  /// The kernels are kept, so that no other array gets their address.
  private var entries: [Key: (kernel: Tensor, packed: [Float])] = [:]

  mutating func values(
    _ kernel: Tensor, _ layout: String, _ pack: (Tensor) -> [Float]
  ) -> [Float] {
    let address = kernel.values.withUnsafeBytes { $0.baseAddress }
    let key = Key(address: address, shape: kernel.shape, layout: layout)
    if let entry = entries[key] { return entry.packed }
    let packed = pack(kernel)
    entries[key] = (kernel, packed)
    return packed
  }
}
