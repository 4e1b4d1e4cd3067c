/// The version of the package.
public enum Version {
  /// As semantic versioning writes it; a null byte follows.
  public static var text: StaticString { "0.1.0" }
}
