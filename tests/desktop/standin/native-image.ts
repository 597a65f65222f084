class NativeImage {
  private representations: { scaleFactor: number; buffer: Buffer }[] = []
  addRepresentation = (one: { scaleFactor: number; buffer: Buffer }) => void this.representations.push(one)
  toPNG = (): Buffer => this.representations[0]?.buffer ?? Buffer.alloc(0)
  isEmpty = () => this.representations.length === 0
  setTemplateImage() {}
}

export const nativeImage = { createEmpty: () => new NativeImage() }
