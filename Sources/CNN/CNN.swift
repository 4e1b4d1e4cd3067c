// `import CNN` gives everything that a program needs to load, make, train, run and explain networks.
@_exported import Explain
@_exported import Loader
@_exported import Network
@_exported import Runtime
@_exported import Training
