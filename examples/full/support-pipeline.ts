import { PipelineModule, RequireAuth, RequireRoles } from 'stageflow';
import { HandbookPipeline } from './handbook-pipeline.js';
import { ShopModule } from './shop-module.js';
import { AnswerGuard } from './stages/answer-guard.js';
import { Classify } from './stages/classify.js';
import { Discard } from './stages/discard.js';
import { FindCustomer } from './stages/find-customer.js';
import { FindOrder } from './stages/find-order.js';
import { MailGuard } from './stages/mail-guard.js';
import { ReadMail } from './stages/read-mail.js';
import { SearchHandbook } from './stages/search-handbook.js';
import { SendAnswer } from './stages/send-answer.js';
import { Solve } from './stages/solve.js';
import { TrackParcel } from './stages/track-parcel.js';
import { RefundOrder } from './tools/refund-order.js';
import { WriteNote } from './tools/write-note.js';

// #region pipeline
@PipelineModule({
  name: 'support',
  imports: [ShopModule],
  stages: [
    ReadMail,
    MailGuard,
    Classify,
    Discard,
    FindCustomer,
    FindOrder,
    TrackParcel,
    SearchHandbook,
    Solve,
    AnswerGuard,
    SendAnswer,
  ],
  tools: [WriteNote, RefundOrder],
})
@RequireAuth()
@RequireRoles('clerk')
export class SupportPipeline {}
// #endregion

/** The root of the application: both pipelines, side by side. */
@PipelineModule({ imports: [SupportPipeline, HandbookPipeline] })
export class SupportApp {}
