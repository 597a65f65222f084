class NativeImage {
  private representations: { scaleFactor: number; dataURL: string }[] = []
  addRepresentation = (one: { scaleFactor: number; dataURL: string }) => void this.representations.push(one)
  isEmpty = () => this.representations.length === 0
  setTemplateImage() {}
}

export const nativeImage = { createEmpty: () => new NativeImage() }
