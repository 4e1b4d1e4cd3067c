import CCairo

/// A sheet that figures are drawn on, with cairo: units from the upper left corner.
public final class Canvas {
  private let context: OpaquePointer

  /// Takes over a surface.
  private init(_ surface: OpaquePointer?) {
    context = cairo_create(surface)
    cairo_surface_destroy(surface)
    let options = cairo_font_options_create()
    // The same widths on every kind of surface.
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
  }

  deinit { cairo_destroy(context) }

  /// A canvas that only measures; made anew each time, since a canvas belongs to one thread.
  static var ruler: Canvas { Canvas(cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1)) }

  // MARK: Files

  /// The most pixels that cairo draws of a side, and that are held in memory.
  private static let most = (side: 32000.0, pixels: 4e8)
  /// The most units of a side that PDF's readers and cairo's numbers take.
  private static let mostUnits = 1e6

  /// What `draw` draws on a white sheet, as the bytes of a file.
  ///
  /// - Throws: `FigureError`, where the sheet is too large or empty, or cairo fails.
  static func bytes(
    size: Size, format: FigureFormat, _ draw: (Canvas) -> Void
  ) throws(FigureError) -> [UInt8] {
    let scale = Double(FigureFormat.pixelsPerUnit)
    let (width, height) = (size.width.rounded(.up), size.height.rounded(.up))
    try check(width, height, format)
    let sink = ByteSink()
    let closure = Unmanaged.passUnretained(sink).toOpaque()
    let surface: OpaquePointer?
    switch format {
    case .png:
      surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, Int32(width * scale), Int32(height * scale))
      cairo_surface_set_device_scale(surface, scale, scale)
    case .svg:
      surface = cairo_svg_surface_create_for_stream(ByteSink.write, closure, width, height)
      cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX)
    case .pdf:
      // Points of 1/72 inch; no date, so that the same figure is the same bytes.
      surface = cairo_pdf_surface_create_for_stream(
        ByteSink.write, closure, width * 0.75, height * 0.75)
      cairo_surface_set_device_scale(surface, 0.75, 0.75)
      cairo_pdf_surface_set_metadata(
        surface, CAIRO_PDF_METADATA_CREATE_DATE, "1980-01-01T00:00:00Z")
    }
    cairo_surface_reference(surface)
    defer { cairo_surface_destroy(surface) }
    let canvas = Canvas(surface)
    canvas.fill(Rectangle(x: 0, y: 0, width: width, height: height), .white)
    draw(canvas)
    var status = cairo_status(canvas.context)
    if status == CAIRO_STATUS_SUCCESS {
      if format == .png {
        status = cairo_surface_write_to_png_stream(surface, ByteSink.write, closure)
      }
      cairo_surface_finish(surface)
      if status == CAIRO_STATUS_SUCCESS { status = cairo_surface_status(surface) }
    }
    guard status == CAIRO_STATUS_SUCCESS, !sink.bytes.isEmpty else {
      let reason = cairo_status_to_string(status).map { String(cString: $0) } ?? "no bytes"
      throw FigureError("the figure cannot be drawn (\(reason)); take a smaller one")
    }
    return format == .svg ? withSharpCells(sink.bytes) : sink.bytes
  }

  private static func check(
    _ width: Double, _ height: Double, _ format: FigureFormat
  ) throws(FigureError) {
    let scale = Double(FigureFormat.pixelsPerUnit)
    let (columns, rows) = (width * scale, height * scale)
    let isDrawable =
      switch format {
      case .png: max(columns, rows) <= most.side && columns * rows <= most.pixels
      case .svg, .pdf: max(width, height) <= mostUnits
      }
    guard isDrawable, width >= 1, height >= 1 else {
      throw FigureError(
        "the figure would have \(Int(columns)) × \(Int(rows)) pixels, and up to "
          + "\(Int(most.side)) a side, \(Int(most.pixels)) in all, can be drawn: take smaller cells or "
          + "fewer maps, or .svg")
    }
  }

  /// An SVG in which pictures keep the edges of their pixels, which cairo does not say.
  private static func withSharpCells(_ bytes: [UInt8]) -> [UInt8] {
    let tag = Array("<image ".utf8)
    let style = Array("style=\"image-rendering:pixelated\" ".utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 1024)
    var position = 0
    for end in bytes.indices where bytes[end] == UInt8(ascii: " ") {
      guard bytes[...end].suffix(tag.count).elementsEqual(tag) else { continue }
      result += bytes[position...end]
      result += style
      position = end + 1
    }
    return result + bytes[position...]
  }

  // MARK: Shapes

  func fill(_ area: Rectangle, _ color: RGB) {
    set(color)
    cairo_rectangle(context, area.x, area.y, area.width, area.height)
    cairo_fill(context)
  }

  func fill(_ area: Rectangle, radius: Double, _ color: RGB, border: RGB) {
    let r = radius
    cairo_new_sub_path(context)
    cairo_arc(context, area.maxX - r, area.y + r, r, -.pi / 2, 0)
    cairo_arc(context, area.maxX - r, area.maxY - r, r, 0, .pi / 2)
    cairo_arc(context, area.x + r, area.maxY - r, r, .pi / 2, .pi)
    cairo_arc(context, area.x + r, area.y + r, r, .pi, 3 * .pi / 2)
    cairo_close_path(context)
    set(color)
    cairo_fill_preserve(context)
    set(border)
    cairo_set_line_width(context, 1)
    cairo_stroke(context)
  }

  /// A dot around a place.
  func dot(_ center: Point, radius: Double, _ color: RGB) {
    set(color)
    cairo_arc(context, center.x, center.y, radius, 0, 2 * .pi)
    cairo_fill(context)
  }

  /// A line through some places.
  func line(_ points: [Point], _ color: RGB, width: Double = 1, dashes: [Double] = []) {
    guard let first = points.first else { return }
    set(color)
    cairo_set_line_width(context, width)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_set_dash(context, dashes, Int32(dashes.count), 0)
    cairo_move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
    cairo_stroke(context)
    cairo_set_dash(context, nil, 0, 0)
  }

  /// A line from place to place that leaves and arrives upright, with an arrow's head where it ends.
  func arrow(through points: [Point], _ color: RGB) {
    guard points.count > 1, let end = points.last else { return }
    let head = 5.0
    set(color)
    cairo_set_line_width(context, 1.2)
    cairo_move_to(context, points[0].x, points[0].y)
    for (from, to) in zip(points, points.dropFirst()) {
      let y = to == end ? to.y - head : to.y
      let bend = (y - from.y) / 2
      cairo_curve_to(context, from.x, from.y + bend, to.x, y - bend, to.x, y)
    }
    cairo_stroke(context)
    cairo_move_to(context, end.x, end.y)
    cairo_line_to(context, end.x - head * 0.7, end.y - head * 1.4)
    cairo_line_to(context, end.x + head * 0.7, end.y - head * 1.4)
    cairo_fill(context)
  }

  /// The frame of an area, drawn around it.
  func frame(_ area: Rectangle, _ color: RGB) {
    set(color)
    cairo_set_line_width(context, 1)
    cairo_rectangle(context, area.x - 0.5, area.y - 0.5, area.width + 1, area.height + 1)
    cairo_stroke(context)
  }

  /// Draws only inside of an area meanwhile.
  func clipped(to area: Rectangle, _ body: () -> Void) {
    cairo_save(context)
    cairo_rectangle(context, area.x, area.y, area.width, area.height)
    cairo_clip(context)
    body()
    cairo_restore(context)
  }

  /// Draws cells as blocks of one colour each, without smoothing.
  func draw(_ raster: Raster, in area: Rectangle) {
    guard !raster.cells.isEmpty else { return }
    var pixels = raster.cells.map {
      UInt32($0.red) << 16 | UInt32($0.green) << 8 | UInt32($0.blue)
    }
    let (width, height) = (raster.width, raster.height)
    pixels.withUnsafeMutableBytes { bytes in
      let image = cairo_image_surface_create_for_data(
        bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), CAIRO_FORMAT_RGB24, Int32(width),
        Int32(height), Int32(4 * width))
      cairo_save(context)
      cairo_translate(context, area.x, area.y)
      cairo_scale(context, area.width / Double(width), area.height / Double(height))
      cairo_set_source_surface(context, image, 0, 0)
      cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
      cairo_rectangle(context, 0, 0, Double(width), Double(height))
      cairo_set_antialias(context, CAIRO_ANTIALIAS_NONE)
      cairo_fill(context)
      cairo_restore(context)
      // PDF and SVG would read the pixels at the end of the page only; finishing takes a copy.
      cairo_surface_finish(image)
      cairo_surface_destroy(image)
    }
  }

  // MARK: Text

  /// Where a text is in relation to the place it is written at.
  enum Alignment {
    case left, center, right
  }

  /// Writes a line of text with its upper edge at a place.
  func text(_ text: String, at place: Point, _ style: TextStyle, _ alignment: Alignment = .left) {
    guard !text.isEmpty else { return }
    let shift =
      switch alignment {
      case .left: 0.0
      case .center: width(of: text, style) / 2
      case .right: width(of: text, style)
      }
    select(style)
    set(style.color)
    cairo_move_to(context, place.x - shift, place.y + style.ascent)
    cairo_show_text(context, Self.printable(text))
  }

  func width(of text: String, _ style: TextStyle) -> Double {
    select(style)
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, Self.printable(text), &extents)
    return extents.x_advance
  }

  /// cairo stops at a null, and draws other control characters as boxes.
  private static func printable(_ text: String) -> String {
    String(text.map { $0.unicodeScalars.contains { $0.value < 32 } ? " " : $0 })
  }

  private func select(_ style: TextStyle) {
    cairo_select_font_face(
      context, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
      style.isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(context, style.size)
  }

  private func set(_ color: RGB) {
    cairo_set_source_rgb(
      context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255)
  }
}

/// Takes the bytes that cairo writes.
private final class ByteSink {
  var bytes: [UInt8] = []

  static let write: cairo_write_func_t = { closure, data, length in
    guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
    let sink = Unmanaged<ByteSink>.fromOpaque(closure).takeUnretainedValue()
    sink.bytes += UnsafeBufferPointer(start: data, count: Int(length))
    return CAIRO_STATUS_SUCCESS
  }
}
