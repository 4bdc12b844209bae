/** Reads codes where the browser has no BarcodeDetector: WebAssembly from this server, and no other. */
import { BarcodeDetector, prepareZXingModule } from "barcode-detector/ponyfill";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";

prepareZXingModule({ overrides: { locateFile: (path: string, prefix: string) => (path.endsWith(".wasm") ? wasm : prefix + path) } });

export function reader(formats: string[]): { detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]> } {
  return new BarcodeDetector({ formats: formats as never });
}

/** Fetch what reads codes while there is a network, so that it is here when there is none. */
export async function keepReader(): Promise<void> {
  await fetch(wasm);
}
