// Data sets that are read from files.
@_exported import Training
