/** The camera reads a QR or a barcode; what reads it is loaded only now, where the browser cannot. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { _ } from "../texts";
import { Dialog } from "./parts";

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

const FORMATS = ["qr_code", "ean_13", "ean_8", "code_128", "code_39", "upc_a", "pdf417"];

async function detector(): Promise<Detector> {
  const own = (window as unknown as { BarcodeDetector?: { new (how: object): Detector; getSupportedFormats(): Promise<string[]> } }).BarcodeDetector;
  if (own && (await own.getSupportedFormats()).includes("qr_code")) return new own({ formats: FORMATS });
  const { reader } = await import("../reader");
  return reader(FORMATS);
}

export function Scan({ close, found }: { close: () => void; found: (text: string) => void }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    let going = true;
    let stream: MediaStream | null = null;
    void (async () => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        const place = video.current;
        if (!going || !place) return;
        place.srcObject = stream;
        await place.play();
        const reads = await detector();
        while (going) {
          const codes = place.readyState >= 2 ? await reads.detect(place) : [];
          if (going && codes[0]?.rawValue) {
            navigator.vibrate?.(60);
            found(codes[0].rawValue);
            return;
          }
          await new Promise((done) => setTimeout(done, 120));
        }
      } catch {
        setProblem(_("The camera cannot be used. Allow it for this page, or type the number."));
      } finally {
        if (!going) stream?.getTracks().forEach((track) => track.stop());
      }
    })();
    return () => {
      going = false;
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, []);

  return (
    <Dialog title={_("Scan a QR or a barcode")} close={close}>
      {problem ? <p class="problem" role="alert">{problem}</p> : <div class="viewfinder"><video ref={video} playsInline muted /></div>}
      <button type="button" onClick={close}>{_("Cancel")}</button>
    </Dialog>
  );
}
