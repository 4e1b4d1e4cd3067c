// `import CNN` gives everything that a program needs to load, make, train and run networks.
@_exported import Loader
@_exported import Network
@_exported import Runtime
@_exported import Training
